#!/usr/bin/env python3
"""Three workers as processes on one PostgreSQL, each behind a proxy of its own, while everything goes wrong in turn.

    cluster_test.py --binary bin/almoner [--scenario NAME]... [--seed 1] [--recipients 240] [--keep]

    kill       workers get SIGKILL and are started again
    stall      a worker gets SIGSTOP past its lease, and SIGCONT
    restart    PostgreSQL crashes and recovers, several times
    cut        connections to PostgreSQL are cut in the middle of whatever they do
    blackhole  one worker's packets to PostgreSQL vanish both ways past its lease; the chain hears it all the while
    deaf       packets are dropped one way: its commits arrive, the answers vanish
    mute       the other way: its commits vanish, what the server says arrives
    rolling    every worker is stopped politely and replaced, one after the other
    broker     a relay sends to Redis all the while; Redis is killed, stays away for a while, and comes back
    promote    the primary dies, a synchronous replica takes its place behind the proxies
    forget     the primary dies, an asynchronous replica that lacks its last commits takes its place

After each: every recipient's balance equals the file, once; chain, ledger and file reconcile; the ledger balances and
the audit trail is whole. After `broker` every event is on the stream, in order per key. After `forget` the lanes have
drained until the operator adopted what the signer's log knew. Prints what was done and, last, "N passed, N failed".
"""
import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from eth_account import Account

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "kill"))
from kill_test import CHAIN, Chain, write_recipients  # noqa: E402
from postgres import Postgres  # noqa: E402
from proxy import Proxy  # noqa: E402
from redis import Redis  # noqa: E402

WORKERS = 3
LEASE = 2.0  # seconds


class Worker:
    """One `almoner worker` behind its own proxy."""

    def __init__(self, desk, number, target):
        self.desk = desk
        self.number = number
        self.proxy = Proxy(target)
        self.process = None
        self.starts = 0

    def start(self):
        self.starts += 1
        log = open(os.path.join(self.desk.folder, f"worker-{self.number}.log"), "ab")
        self.process = subprocess.Popen(
            [self.desk.binary, "worker", "--lanes", "1" if self.number else "2", "--json"],
            env=self.desk.environment_for(self.proxy.port), stdout=log, stderr=log)

    def signal(self, number):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self):
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def stop(self):
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def close(self):
        self.kill()
        self.proxy.stop()


class Desk:
    """The binary with its settings; commands of the operator reach PostgreSQL without a proxy."""

    def __init__(self, binary, folder, chain, postgres, seed):
        self.binary = binary
        self.folder = folder
        self.postgres = postgres
        keys = os.path.join(folder, "keys")
        os.mkdir(keys)
        for number in range(WORKERS):
            key = hashlib.sha256(f"{seed}:evm:{number}".encode()).digest()
            path = os.path.join(keys, f"{number}.json")
            with open(path, "w") as file:
                json.dump(Account.encrypt(key, "cluster", kdf="pbkdf2", iterations=1000), file)
            os.chmod(path, 0o600)
        password = os.path.join(folder, "password")
        with open(password, "w") as file:
            file.write("cluster\n")
        os.chmod(password, 0o600)
        self.environment = {
            "PATH": os.environ.get("PATH", ""), "AM_EVM_RPC": chain.url, "AM_EVM_CHAIN_ID": str(CHAIN),
            "AM_EVM_FINALITY": "2", "AM_POLL_MS": "50", "AM_RESEND_MS": "500", "AM_BUMP_MS": "10000",
            "AM_MAX_CONCURRENCY": "2",
            "AM_LEASE_MS": str(int(LEASE * 1000)), "AM_KEYSTORE": keys, "AM_KEYSTORE_PASSWORD_FILE": password,
            "AM_SIGNING_LOG": os.path.join(folder, "signer.db"), "AM_CHECKPOINT_KEY": os.path.join(folder, "seal"),
            "AM_JSONL_PATH": os.path.join(folder, "events.jsonl"),
        }

    def environment_for(self, port):
        return {**self.environment, "AM_DB_DSN": f"postgresql://almoner@127.0.0.1:{port}/almoner?connect_timeout=2"}

    def ask(self, *words, environment={}):
        return subprocess.run(
            [self.binary, *words], env={**self.environment_for(self.postgres.port), **environment}, capture_output=True,
            text=True, timeout=600)

    def must(self, *words, environment={}):
        done = self.ask(*words, environment=environment)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(words)} ended {done.returncode}: {done.stdout[-1500:]} {done.stderr[-1500:]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def confirmed(self, name):
        """How many payouts of the campaign are confirmed; None while PostgreSQL cannot be asked."""
        done = subprocess.run(
            [self.binary, "airdrop", "campaigns", "show", "--campaign", name, "--json"],
            env=self.environment_for(self.postgres.port), capture_output=True, text=True, timeout=60)
        for line in done.stdout.splitlines():
            event = json.loads(line) if line.startswith("{") else {}
            if event.get("event") == "campaign":
                return event["payouts"]["confirmed"]["count"]
        return None


class Trouble:
    """What goes wrong, until the campaign is nearly done or the time is over."""

    def __init__(self, world):
        self.world = world
        self.done = []

    def say(self, what):
        self.done.append(what)

    def kill(self):
        victim = random.choice(self.world.workers)
        time.sleep(random.uniform(0.2, 1.2))
        victim.kill()
        self.say(f"killed {victim.number}")
        time.sleep(random.uniform(0, 1))
        victim.start()

    def stall(self):
        victim = random.choice(self.world.workers)
        time.sleep(random.uniform(0.2, 1.0))
        victim.signal(signal.SIGSTOP)
        time.sleep(LEASE * 1.6)
        victim.signal(signal.SIGCONT)
        self.say(f"stalled {victim.number}")

    def restart(self):
        time.sleep(random.uniform(0.5, 1.5))
        self.world.postgres.crash()
        time.sleep(random.uniform(0, 0.5))
        self.world.postgres.start()
        self.say("crashed PostgreSQL")

    def cut(self):
        for _ in range(20):
            time.sleep(random.uniform(0.02, 0.2))
            random.choice(self.world.workers).proxy.cut()
        self.say("cut connections 20 times")

    def lose(self, mode):
        victim = random.choice(self.world.workers)
        time.sleep(random.uniform(0.1, 0.8))
        victim.proxy.mode = mode
        time.sleep(LEASE * 1.6)
        victim.proxy.mode = "pass"
        self.say(f"{mode} {victim.number}")

    def blackhole(self):
        self.lose("blackhole")

    def deaf(self):
        self.lose("deaf")

    def mute(self):
        self.lose("mute")

    def broker(self):
        time.sleep(random.uniform(0.3, 1.0))
        self.world.redis.kill()
        time.sleep(random.uniform(1.0, 3.0))
        self.world.redis.start()
        self.say("killed Redis")

    def forget(self):
        if self.done:
            time.sleep(0.5)
            return
        postgres, workers = self.world.postgres, self.world.workers
        postgres.attach_asynchronous_replica()
        time.sleep(0.5)
        signed = self.world.signed()
        postgres.lag()
        # At least one commit of every kind is lost: what was signed meanwhile is known to the signer and the chain alone.
        deadline = time.monotonic() + 30
        while self.world.signed() < signed + 3:
            if time.monotonic() > deadline:
                raise AssertionError("forget: nothing was signed that could be forgotten")
            time.sleep(0.05)
        postgres.promote_lagging()
        for worker in workers:
            worker.proxy.target = ("127.0.0.1", postgres.port)
            worker.proxy.cut()
        self.say(f"forgot {self.world.signed() - signed} signatures")
        self.world.wait_for_draining()
        self.world.adopt()

    def promote(self):
        if self.done:
            time.sleep(0.5)
            return
        time.sleep(1.0)
        self.world.postgres.promote()
        for worker in self.world.workers:
            worker.proxy.target = ("127.0.0.1", self.world.postgres.port)
            worker.proxy.cut()
        self.say("promoted the replica")

    def rolling(self):
        for worker in self.world.workers:
            time.sleep(0.5)
            code = worker.stop()
            if code != 0:
                raise AssertionError(f"worker {worker.number} ended {code} when it was stopped")
            worker.start()
            self.say(f"replaced {worker.number}")


class World:
    def __init__(self, binary, folder, seed):
        self.chain = Chain(seed, folder)
        self.postgres = Postgres(folder)
        self.desk = Desk(binary, folder, self.chain, self.postgres, seed)
        deployed = [e for e in self.desk.must("evm", "deploy-batch-contract", "--yes", "--json")
                    if e["event"] == "deployed"]
        self.desk.environment["AM_EVM_BATCH_CONTRACT"] = deployed[0]["address"]
        self.workers = [Worker(self.desk, n, ("127.0.0.1", self.postgres.port)) for n in range(WORKERS)]
        self.redis = Redis(folder)
        self.relay = None

    def signed(self):
        """How many transactions the signer's own log knows."""
        with contextlib.closing(sqlite3.connect(f"file:{self.desk.environment['AM_SIGNING_LOG']}?mode=ro", uri=True)) as log:
            return log.execute("SELECT count(*) FROM signature").fetchone()[0]

    def wait_for_draining(self):
        """A worker that acquires a lane compares the store with the signer's log, and trusts the log."""
        deadline = time.monotonic() + 30
        while not any(lane["mode"] == "draining" for lane in self.desk.must("lanes", "list", "--json")):
            if time.monotonic() > deadline:
                raise AssertionError("forget: no lane drains although the store has forgotten signatures")
            time.sleep(0.1)

    def adopt(self):
        """What an operator does then: stop, adopt until nothing waits, let what was adopted end, reopen."""
        for _ in range(20):
            for worker in self.workers:
                worker.stop()
            done = self.desk.ask("lanes", "adopt", "--json")
            waiting = any(json.loads(line).get("waiting") is not None for line in done.stdout.splitlines())
            if done.returncode == 0 and not waiting:
                reopened = self.desk.ask("lanes", "reopen", "--yes", "--json")
                # 69 and 75: a node or the store could not be had, the same again may do.
                if reopened.returncode not in (0, 69, 75):
                    raise AssertionError(f"lanes reopen ended {reopened.returncode}: {reopened.stdout} {reopened.stderr}")
                if reopened.returncode == 0:
                    for worker in self.workers:
                        worker.start()
                    return
            for worker in self.workers:
                worker.start()
            time.sleep(2)
        raise AssertionError(f"lanes adopt does not come to an end: {done.stdout[-1000:]} {done.stderr[-1000:]}")

    def begin_relay(self):
        self.redis.start()
        log = open(os.path.join(self.desk.folder, "relay.log"), "ab")
        self.relay = subprocess.Popen(
            [self.desk.binary, "outbox", "relay"],
            env={**self.desk.environment_for(self.postgres.port), "AM_QUEUE_URL": self.redis.url}, stdout=log, stderr=log)

    def end_relay(self):
        """Stops the relay when it has nothing left to send; complains about what consumers would miss."""
        url = {"AM_QUEUE_URL": self.redis.url}
        deadline = time.monotonic() + 60
        while self.desk.must("outbox", "status", "--json", environment=url)[0]["waiting"] != 0:
            if time.monotonic() > deadline:
                raise AssertionError("broker: events wait for ever")
            time.sleep(0.2)
        self.relay.send_signal(signal.SIGTERM)
        code = self.relay.wait(30)
        self.relay = None
        if code != 0:
            raise AssertionError(f"broker: the relay ended {code}")
        rows = self.postgres.ask("SELECT id || ' ' || key FROM outbox ORDER BY id").splitlines()
        wanted, got, seen = {}, {}, set()
        for row in rows:
            number, key = row.split(" ", 1)
            wanted.setdefault(key, []).append(int(number))
        entries = self.redis.stream("airdrop.outbox")
        for entry in entries:
            # A consumer drops what it has seen: the rest must be everything, in order.
            if entry["id"] in seen:
                continue
            seen.add(entry["id"])
            got.setdefault(entry["key"], []).append(int(entry["id"].rsplit(":", 1)[1]))
        if got != wanted:
            wrong = [key for key in wanted if got.get(key) != wanted[key]]
            raise AssertionError(f"broker: {len(rows)} events, {len(seen)} on the stream, other for {wrong[:3]}")
        print(f"broker     {len(rows)} events, {len(entries)} deliveries, in order for {len(wanted)} keys", flush=True)

    def close(self):
        if self.relay:
            self.relay.kill()
            self.relay.wait()
        self.redis.kill()
        for worker in self.workers:
            worker.close()
        self.chain.stop()
        self.postgres.close()

    def balances(self, addresses):
        calls = [("eth_getBalance", [a, "latest"]) for a in addresses]
        out = []
        for start in range(0, len(calls), 200):
            out += [int(value, 16) for value in self.chain.batch(calls[start:start + 200])]
        return out


def run(world, scenario, count, generator):
    """One campaign under one kind of trouble. Returns (passed, failed)."""
    desk = world.desk
    path = os.path.join(desk.folder, scenario + ".csv")
    rows = write_recipients(path, generator, count, scenario)
    desk.must("airdrop", "campaigns", "create", "--name", scenario, "--chain", "evm", "--json")
    desk.must("airdrop", "recipients", "ingest", "--campaign", scenario, "--file", path, "--json")
    world.chain.faults(True)
    desk.must("airdrop", "run", "--campaign", scenario, "--start-only", "--yes", "--json", "--max-batch", "5")
    for worker in world.workers:
        worker.start()
    if scenario == "broker":
        world.begin_relay()
    trouble = Trouble(world)
    begun = time.monotonic()
    rounds = 0
    while time.monotonic() - begun < 40:
        getattr(trouble, scenario)()
        rounds += 1
        if desk.confirmed(scenario) == count or rounds >= 6:
            break
    if not trouble.done:
        raise AssertionError(f"{scenario}: nothing went wrong")
    world.chain.faults(False)
    deadline = time.monotonic() + 120
    while (confirmed := desk.confirmed(scenario)) != count:
        for worker in world.workers:
            if worker.process.poll() is not None:
                raise AssertionError(f"{scenario}: worker {worker.number} ended {worker.process.returncode} by itself")
        if time.monotonic() > deadline:
            raise AssertionError(f"{scenario}: not finished: {confirmed} of {count} confirmed")
        time.sleep(0.2)
    took = time.monotonic() - begun
    codes = [worker.stop() for worker in world.workers]
    passed = failed = 0
    for code in codes:
        passed, failed = passed + (code == 0), failed + (code != 0)
    wrong = [(a, rows[a], got) for a, got in zip(rows, world.balances(list(rows))) if rows[a] != got]
    passed += len(rows) - len(wrong)
    failed += len(wrong)
    for address, want, got in wrong[:10]:
        print(f"{scenario}: {address} has {got}, the file says {want}")
    desk.must("airdrop", "reconcile", "--campaign", scenario, "--json")
    desk.must("audit", "verify", "--json")
    desk.must("store", "check", "--json")
    passed += 3
    if scenario == "broker":
        world.end_relay()
        passed += 1
    print(f"{scenario:10} {took:6.1f} s  {len(trouble.done)} troubles: {', '.join(sorted(set(trouble.done)))}", flush=True)
    return passed, failed


SCENARIOS = ["kill", "stall", "restart", "cut", "blackhole", "deaf", "mute", "rolling", "broker", "promote", "forget"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--scenario", action="append", choices=SCENARIOS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recipients", type=int, default=240)
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    folder = tempfile.mkdtemp(prefix="almoner-cluster-")
    os.chmod(folder, 0o711)
    passed = failed = 0
    world = None
    try:
        world = World(os.path.abspath(arguments.binary), folder, f"cluster{arguments.seed}")
        generator = random.Random(arguments.seed)
        for scenario in arguments.scenario or SCENARIOS:
            good, bad = run(world, scenario, arguments.recipients, generator)
            passed, failed = passed + good, failed + bad
    except (AssertionError, subprocess.SubprocessError) as error:
        failed += 1
        print(f"failed: {error}")
    finally:
        if world:
            world.close()
        if arguments.keep or failed:
            print(f"kept {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
