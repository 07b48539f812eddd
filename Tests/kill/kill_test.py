#!/usr/bin/env python3
"""kill -9 of the real binary against the EVM development chain under faults, while an attempt is in flight.

    kill_test.py --binary bin/almoner --kills 20 [--each 5] [--seed 1] [--keep]

The program's own event lines (`run --json`) say where it is; the process is killed at a phase:

    intended   an intent is committed, nothing is signed yet
    signed     signed bytes are committed, not handed over yet
    sent       handed over, not final
    ending     evidence ended some batches, others are still in flight

After all kills the campaign is finished, and every recipient's balance on the chain must equal the file, once; chain,
ledger and file must reconcile; the audit trail must be whole. Prints kills per phase and, last, "N passed, N failed".
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
import threading
import time
import urllib.request

from eth_account import Account
from eth_utils import to_checksum_address

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CHAIN = 31337
PHASES = ["intended", "signed", "sent", "ending"]


class Chain:
    """The development chain as a process of its own, with the fault switches on."""

    def __init__(self, seed, folder):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(ROOT, "tools/devchain/evm_devchain.py"), "--port", "0", "--chain-id",
             str(CHAIN), "--seed", seed, "--block-time", "0.25", "--finality", "2"],
            stdout=subprocess.PIPE, stderr=open(os.path.join(folder, "chain.log"), "w"), text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.url = f"http://127.0.0.1:{self.port}"
        self.contracts = self.call("dev_contracts", [])

    def call(self, method, params):
        return self.batch([(method, params)])[0]

    def batch(self, calls):
        body = [{"jsonrpc": "2.0", "id": i, "method": m, "params": p} for i, (m, p) in enumerate(calls)]
        request = urllib.request.Request(self.url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        answers = json.load(urllib.request.urlopen(request, timeout=60))
        by_id = {a["id"]: a for a in answers}
        return [by_id[i]["result"] for i in range(len(calls))]

    def faults(self, on):
        self.call("dev_clearFaults", [])
        if not on:
            return
        send = ["eth_sendRawTransaction"]
        for fault in [
            {"kind": "drop_after", "methods": send, "count": -1, "probability": 0.1},
            {"kind": "rpc_error_after", "methods": send, "count": -1, "probability": 0.1, "code": -32000,
             "message": "nonce too low"},
            {"kind": "lose", "methods": send, "count": -1, "probability": 0.05},
            {"kind": "duplicate", "methods": send, "count": -1, "probability": 0.1},
            {"kind": "garbage", "methods": ["*"], "count": -1, "probability": 0.02},
            {"kind": "http", "status": 503, "methods": ["*"], "count": -1, "probability": 0.02},
            {"kind": "delay", "ms": 60, "methods": ["*"], "count": -1, "probability": 0.1},
        ]:
            self.call("dev_fault", [fault])

    def balances(self, token, addresses):
        calls = [("eth_call", [{"to": token, "data": "0x70a08231" + a[2:].lower().rjust(64, "0")}, "latest"])
                 for a in addresses]
        out = []
        for start in range(0, len(calls), 200):
            out += [int(value, 16) for value in self.batch(calls[start:start + 200])]
        return out

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


class Desk:
    """The binary with its settings, and what it says."""

    def __init__(self, binary, folder, chain, seed):
        self.binary = binary
        self.folder = folder
        key = hashlib.sha256(f"{seed}:evm:0".encode()).digest()
        keystore = os.path.join(folder, "key.json")
        with open(keystore, "w") as file:
            json.dump(Account.encrypt(key, "kill", kdf="pbkdf2", iterations=1000), file)
        with open(os.path.join(folder, "password"), "w") as file:
            file.write("kill\n")
        os.chmod(keystore, 0o600)
        os.chmod(os.path.join(folder, "password"), 0o600)
        self.environment = {
            "PATH": os.environ.get("PATH", ""), "AM_DB_DSN": "sqlite:" + os.path.join(folder, "desk.db"),
            "AM_EVM_RPC": chain.url, "AM_EVM_CHAIN_ID": str(CHAIN), "AM_EVM_FINALITY": "2",
            "AM_POLL_MS": "50", "AM_RESEND_MS": "500", "AM_BUMP_MS": "10000", "AM_KEYSTORE": keystore, "AM_KEYSTORE_PASSWORD_FILE": os.path.join(folder, "password"),
        }

    def command(self, *words):
        return [self.binary, *words]

    def must(self, *words):
        done = subprocess.run(self.command(*words), env=self.environment, capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(words)} ended {done.returncode}: {done.stdout[-1500:]} {done.stderr[-1500:]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def run_until(self, campaign, phase, timeout):
        """Runs the campaign and kills it at the phase. Returns (killed, events)."""
        process = subprocess.Popen(
            self.command("airdrop", "run", "--campaign", campaign, "--yes", "--json", "--max-batch", "10",
                         "--concurrency", "3", "--give-up-after", "60"),
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        timer = threading.Timer(timeout, process.kill)
        timer.start()
        killed = False
        try:
            sent = False
            for line in process.stdout:
                event = json.loads(line) if line.startswith("{") else {}
                kind = event.get("event")
                sent = sent or kind == "sent"
                reached = {
                    "intended": kind == "committed" and event["batches"] > 0 and event["payouts"] > 0,
                    "signed": kind == "committed" and event["signed"] > 0,
                    "sent": kind == "sent" and event["batches"] > 0,
                    "ending": kind == "committed" and event["ended"] > 0,
                }[phase]
                if reached and process.poll() is None:
                    # The next step of the program is the one that is cut: a few milliseconds vary where.
                    if phase != "intended":
                        time.sleep(random.random() * 0.01)
                    process.send_signal(signal.SIGKILL)
                    killed = True
                    break
            process.stdout.close()
            code = process.wait()
            return killed and code == -signal.SIGKILL, code
        finally:
            timer.cancel()


def write_recipients(path, generator, count, tag):
    rows = {}
    while len(rows) < count:
        rows[to_checksum_address(generator.randbytes(20))] = generator.randint(1, 10_000)
    with open(path, "w") as file:
        file.write("address,amount,payout_id\n")
        for index, (address, amount) in enumerate(rows.items()):
            file.write(f"{address},{amount},{tag}-{index}\n")
    return rows


def in_flight(desk):
    lanes = desk.must("lanes", "list", "--json")
    return sum(lane["live"] for lane in lanes if lane.get("event") == "lane")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--each", type=int, default=5, help="kills that every phase must have had")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recipients", type=int, default=150)
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    generator = random.Random(arguments.seed)
    # A test that is told to end cleans up as one that has ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="almoner-kill-")
    chain = Chain(f"kill{arguments.seed}", folder)
    passed = failed = 0
    try:
        desk = Desk(os.path.abspath(arguments.binary), folder, chain, f"kill{arguments.seed}")
        token = chain.contracts["usd6"]
        deployed = [e for e in desk.must("evm", "deploy-batch-contract", "--yes", "--json") if e["event"] == "deployed"]
        desk.environment["AM_EVM_BATCH_CONTRACT"] = deployed[0]["address"]
        kills = {phase: 0 for phase in PHASES}
        wanted = [PHASES[i % len(PHASES)] for i in range(arguments.kills)]
        expected = {}
        rounds = 0
        while wanted:
            rounds += 1
            if rounds > arguments.kills + 5:
                raise AssertionError(f"not enough happened while attempts were in flight: {kills}")
            name = f"round-{rounds}"
            path = os.path.join(folder, name + ".csv")
            rows = write_recipients(path, generator, arguments.recipients, name)
            desk.must("airdrop", "campaigns", "create", "--name", name, "--chain", "evm", "--token", token, "--json")
            desk.must("airdrop", "recipients", "ingest", "--campaign", name, "--file", path, "--json")
            chain.faults(True)
            # A campaign of this size bears a handful of kills; then it is finished and another one begins.
            for _ in range(8):
                if not wanted:
                    break
                killed, code = desk.run_until(name, wanted[0], timeout=120)
                if killed and in_flight(desk) > 0:
                    kills[wanted[0]] += 1
                    wanted.pop(0)
                elif code == 0:
                    break
            chain.faults(False)
            desk.must("airdrop", "run", "--campaign", name, "--yes", "--json", "--max-batch", "10", "--give-up-after", "60")
            expected.update(rows)
            on_chain = chain.balances(token, list(rows))
            wrong = [(a, rows[a], got) for a, got in zip(rows, on_chain) if rows[a] != got]
            passed += len(rows) - len(wrong)
            failed += len(wrong)
            for address, want, got in wrong[:10]:
                print(f"{name}: {address} has {got}, the file says {want}")
            desk.must("airdrop", "reconcile", "--campaign", name, "--json")
        for phase in PHASES:
            print(f"killed {phase:9} {kills[phase]:4}")
            if kills[phase] < arguments.each:
                failed += 1
                print(f"phase {phase} was killed {kills[phase]} times, {arguments.each} are needed")
        desk.must("audit", "verify", "--json")
        desk.must("store", "check", "--json")
        passed += 2
        print(f"{len(expected)} recipients in {rounds} campaigns, each paid once" if failed == 0 else "NOT exactly once")
    except AssertionError as error:
        failed += 1
        print(f"failed: {error}")
    finally:
        chain.stop()
        if arguments.keep or failed:
            print(f"kept {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
