#!/usr/bin/env python3
"""Three workers as processes on one PostgreSQL, each behind a proxy of its own, while everything goes wrong in turn.

    cluster_test.py --binary bin/almoner [--scenario NAME]... [--seed 1] [--recipients 240] [--keep]

    kill       workers get SIGKILL and are started again
    stall      a worker gets SIGSTOP past its lease, and SIGCONT
    restart    PostgreSQL crashes and recovers, several times
    cut        connections to PostgreSQL are cut in the middle of whatever they do
    blackhole  one worker's packets to PostgreSQL vanish both ways past its lease; the chain hears it all the while
    deaf       its commits arrive, the answers vanish
    promote    the primary dies, a synchronous replica takes its place behind the proxies
    rolling    every worker is stopped politely and replaced, one after the other

After each: every recipient's balance equals the file, once; chain, ledger and file reconcile; the ledger balances and
the audit trail is whole. Prints what was done and, last, "N passed, N failed".
"""
import argparse
import hashlib
import json
import os
import random
import shutil
import signal
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

    def must(self, *words):
        done = subprocess.run(
            [self.binary, *words], env=self.environment_for(self.postgres.port), capture_output=True, text=True,
            timeout=600)
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

    def close(self):
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
    print(f"{scenario:10} {took:6.1f} s  {len(trouble.done)} troubles: {', '.join(sorted(set(trouble.done)))}", flush=True)
    return passed, failed


SCENARIOS = ["kill", "stall", "restart", "cut", "blackhole", "deaf", "rolling", "promote"]


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
