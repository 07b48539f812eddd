#!/usr/bin/env python3
"""Runs the benches of docs/benchmarks.md: ours and a peer side by side, three runs of each in turn, medians.

    tools/bench.sh                          every row; sets up what is missing
    BENCH_ROWS="sign life" tools/bench.sh   some rows: ingest ingest_postgresql memory sign life life_postgresql kill gas ledger relay outbox workers addresses names velocity geo beacon draw commitment purchases organization bonuses
    tools/bench.sh --markdown FILE          writes the table into FILE too

A ratio is the median of ours through the median of the peer's, over wall clock (`sign`, `addresses` on one thread, `names`, `beacon`, `organization`, `bonuses` computed and the one core of `commitment`: over processor time). Other work on
the machine shows as a wide range; processor seconds are printed with every run.
"""
import argparse
import os
import platform
import re
import signal
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import lists
from postgres import Postgres
from redis import Redis

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
OURS = os.path.join(ROOT, ".build/release/almoner-bench")
PEERS = os.path.join(HERE, "peers")
CHAIN_PYTHON = os.path.join(ROOT, ".venv/bin/python")
RUNS = 3


def fields(text):
    """The fields of each `result` line."""
    return [
        dict(part.split("=", 1) for part in line.split()[1:]) for line in text.splitlines() if line.startswith("result ")]


def run(name, command, **environment):
    began = os.getloadavg()[0]
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, env={**os.environ, **environment}, timeout=900)
    if done.returncode:
        raise SystemExit(f"bench: {name} failed ({done.returncode})\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    found = fields(done.stdout)
    if not found:
        raise SystemExit(f"bench: {name} printed no result\n{done.stdout[-2000:]}")
    for line in found:
        shown = " ".join(f"{k}={v}" for k, v in line.items())
        print(f"  {name:28} {shown} load={began:.1f}", flush=True)
    return found


def rate(results):
    return [float(one["per_second"]) for one in results]


def core_rate(results):
    """By processor time: for work that only computes, on one thread, it says the same on a busy machine."""
    return [int(one["count"]) / float(one["cpu"]) for one in results]


def number(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def spread(values, unit=""):
    middle = number(statistics.median(values))
    if len(values) == 1:
        return middle + unit
    return f"{middle}{unit} [{number(min(values))}..{number(max(values))}]"


def same(name, *values):
    """A checksum that differs means that two sides did other work: then nothing may be compared."""
    if len(set(values)) != 1:
        raise SystemExit(f"bench: {name} differs: {values}")
    return values[0]


class Bench:
    def __init__(self, work, options):
        self.work, self.options, self.lines, self.postgres = work, options, [], None

    def csv(self, rows, columns="all", *options):
        """Made once and kept in .bench/, since the making takes longer than the reading."""
        folder = os.path.join(ROOT, ".bench")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, f"recipients-{rows}-{columns}{''.join(options)}.csv")
        if not os.path.exists(path):
            print(f"  making {path}", flush=True)
            with open(path + ".part", "w") as file:
                subprocess.run(
                    [sys.executable, os.path.join(ROOT, "tools/make_recipients.py"), "--rows", str(rows), "--seed", "7",
                     "--columns", columns, *options], stdout=file, check=True)
            os.rename(path + ".part", path)
        return path

    def add(self, work, ratio, ours, peer, floor, isReached, checksum=""):
        verdict = {True: "yes", False: "**no**", None: "-"}[isReached]
        self.lines.append((work, ratio, ours, peer, floor, verdict, checksum))

    # Rows

    def ingest(self):
        path = self.csv(self.options.ingest_rows)
        ours, peer = [], []
        for _ in range(RUNS):
            ours += run("almoner ingest", [OURS, "ingest", "--csv", path, "--dir", self.work])
            peer += run("polars + COPY", [sys.executable, f"{PEERS}/ingest.py", path, self.postgres.dsn])
        total = same("sum of the amounts", *(one["total"] for one in ours + peer))
        ratio = statistics.median(rate(ours)) / statistics.median(rate(peer))
        self.add(
            f"ingest of a {self.options.ingest_rows:,}-row CSV, rows/s", f"{ratio:.2f}x", spread(rate(ours)),
            f"polars + COPY {spread(rate(peer))}", "1x; 3x", ratio >= 1, f"sum {total}")
        memory = [max(int(one["peak_kib"]) for one in side) / 1024 for side in (ours, peer)]
        self.add("peak memory of that, MB", f"{memory[1] / memory[0]:.1f}x less", number(memory[0]),
                 f"client alone {number(memory[1])}", "-", None)

    def memory(self):
        # Without checksums in the addresses: making ten million of them would take longer than all rows together.
        path = self.csv(self.options.memory_rows, "all", "--lower")
        one = run("almoner ingest", [OURS, "ingest", "--csv", path, "--dir", self.work])[0]
        peak = int(one["peak_kib"]) / 1024
        self.add(
            f"memory while ingesting {self.options.memory_rows:,} rows, MB", "-", number(peak),
            f"- ({number(float(one['per_second']))} rows/s)", "under 256; 100", peak < 256, one["checksum"][:18])

    def sign(self):
        program = os.path.join(self.work, "sign")
        subprocess.run(["cc", "-O2", "-o", program, f"{PEERS}/sign.c", "-lsecp256k1"], check=True)
        count, few = self.options.sign_count, min(self.options.sign_count, 2_000)
        core = ["taskset", "-c", str(max(os.sched_getaffinity(0)))]
        ours, guarded, raw, python = [], [], [], []
        for _ in range(RUNS):
            plain, through = run("almoner sign", core + [OURS, "sign", "--count", count, "--first", few, "--dir", self.work])
            ours.append(plain)
            guarded.append(through)
            raw += run("libsecp256k1", core + [program, os.path.join(self.work, "digests.bin")])
            python += run("eth-account", core + [CHAIN_PYTHON, f"{PEERS}/sign.py", os.path.join(self.work, "payouts.txt"), few])
        same("signatures", *(one["signatures"] for one in ours + raw))
        checksum = same("hashes of the first transactions", *(one["checksum"] for one in ours + python))
        for name, peer, floor, reach in (("eth-account", python, "12x; 14x", 12), ("libsecp256k1 alone", raw, "0.8; 0.95", 0.8)):
            ratio = statistics.median(core_rate(ours)) / statistics.median(core_rate(peer))
            self.add(
                "payout to signed EIP-1559 bytes, one core, /s", f"{ratio:.2f}x", spread(core_rate(ours)),
                f"{name} {spread(core_rate(peer))}", floor, ratio >= reach, checksum[:18])
        self.add("the same through guard and durable log, /s", "-", spread(core_rate(guarded)), "-", "-", None)

    def life(self):
        path = self.csv(self.options.life_rows, "few")
        ours, peer = [], []
        for _ in range(RUNS):
            ours += run("almoner life", [OURS, "life", "--csv", path, "--dir", self.work])
            peer += run("procrastinate", [sys.executable, f"{PEERS}/jobs.py", self.postgres.dsn, 1_000, 10])
        checksum = same("payouts", *(one["checksum"] for one in ours))
        mine = statistics.median(rate(ours))
        ratio = mine / statistics.median(rate(peer))
        self.add(
            f"life of a payout, {self.options.life_rows:,}, batches of 200, /s", f"{ratio:.0f}x", spread(rate(ours)),
            f"procrastinate, no-op job {spread(rate(peer))}", "50x and 30,000/s; 100,000/s", ratio >= 50 and mine >= 30_000,
            checksum[:18])

    def ingest_postgresql(self):
        path = self.csv(self.options.ingest_rows)
        ours, peer = [], []
        for _ in range(RUNS):
            ours += run("almoner ingest, PostgreSQL", [OURS, "ingest", "--csv", path, "--dir", self.work, "--dsn", self.postgres.fresh()])
            peer += run("plain COPY", [sys.executable, f"{PEERS}/plain_copy.py", path, self.postgres.dsn])
        total = same("sum of the amounts", *(one["total"] for one in ours + peer))
        ratio = statistics.median(rate(ours)) / statistics.median(rate(peer))
        self.add(
            f"ingest of a {self.options.ingest_rows:,}-row CSV into PostgreSQL, rows/s", f"{ratio:.2f}x", spread(rate(ours)),
            f"plain COPY {spread(rate(peer))}", "0.9x; 1x", ratio >= 0.9, f"sum {total}")

    def life_postgresql(self):
        path = self.csv(self.options.life_rows, "few")
        ours, peer = [], []
        for _ in range(RUNS):
            ours += run("almoner life, PostgreSQL", [OURS, "life", "--csv", path, "--dir", self.work, "--dsn", self.postgres.fresh()])
            peer += run("procrastinate", [sys.executable, f"{PEERS}/jobs.py", self.postgres.dsn, 1_000, 10])
        checksum = same("payouts", *(one["checksum"] for one in ours))
        mine = statistics.median(rate(ours))
        ratio = mine / statistics.median(rate(peer))
        self.add(
            f"life of a payout on PostgreSQL, {self.options.life_rows:,}, batches of 200, /s", f"{ratio:.0f}x", spread(rate(ours)),
            f"procrastinate, no-op job {spread(rate(peer))}", "50x and 30,000/s; 150,000/s", ratio >= 50 and mine >= 30_000,
            checksum[:18])

    def kill(self):
        path = self.csv(self.options.kill_rows, "few")
        one = run("almoner under SIGKILL", [OURS, "kill", "--csv", path, "--dir", self.work])[0]
        isRight = one["double"] == one["lost"] == one["wrong_in_ledger"] == "0" and int(one["kills"]) > 0
        self.add(
            f"{self.options.kill_rows:,} payouts under SIGKILL", "-",
            f"{one['kills']} kills: {one['double']} double, {one['lost']} lost, {one['wrong_in_ledger']} wrong in the ledger; recovery p50 "
            f"{one['recovery_p50_ms']} ms, longest {one['recovery_max_ms']} ms", f"- ({number(float(one['seconds']))} s)",
            "none double or lost; under 1 s", isRight, one["checksum"][:18])

    def gas(self):
        text = subprocess.run(
            [CHAIN_PYTHON, os.path.join(ROOT, "Tests/contracts/gas.py"), "200"], capture_output=True, text=True, check=True).stdout
        print("  " + text.replace("\n", "\n  ").rstrip(), flush=True)
        table = {tuple(line.split()[:3]): float(line.split()[3]) for line in text.splitlines() if re.search(r"\d\.\d$", line)}
        for token, what in (("NoReturnToken", "plain token"), ("Token", "token with a freeze list")):
            ours, peer = table[token, "warm", "payToken"], table[token, "warm", "disperseToken"]
            self.add(
                f"gas per recipient, 200 warm, {what}", f"{peer / ours:.2f}x less", number(ours),
                f"disperse's method {number(peer)}; token's own share {number(table[token, 'warm', 'floor'])}",
                "at most 10,000", ours <= 10_000)

    def ledger(self):
        path = self.csv(self.options.ledger_rows, "few")
        ours, clients, batched = [], [], []
        environment = {"PG_BIN": self.postgres.bin}
        for _ in range(RUNS):
            ours += run("almoner ledger", [OURS, "ledger", "--csv", path, "--dir", self.work])
            clients += run("procedure, 8 clients", [sys.executable, f"{PEERS}/ledger.py", self.postgres.dsn, 4_000, 8], **environment)
            batched += run("procedure, 1,000 a commit", [sys.executable, f"{PEERS}/ledger.py", self.postgres.dsn, 20_000, "batched"], **environment)
        checksum = same("sum of the postings", *(one["checksum"] for one in ours))
        for name, peer, floor in (("one call a transaction, 8 clients", clients, 10), ("1,000 calls a transaction", batched, None)):
            ratio = statistics.median(rate(ours)) / statistics.median(rate(peer))
            self.add(
                "postings on one hot account, 1,000 a commit, /s", f"{ratio:.1f}x", spread(rate(ours)),
                f"PostgreSQL procedure, {name} {spread(rate(peer))}", "10x; 50x" if floor else "-",
                ratio >= floor if floor else None, f"sum {checksum}")

    def relay(self):
        count, ours, peers = self.options.relay_events, [], {"50 clients, 16 each": [], "1 client, 1,000": []}
        with Redis(self.work) as redis:
            print(f"  Redis {redis.version}, appendfsync always", flush=True)
            for _ in range(RUNS):
                one = run("almoner relay", [OURS, "relay", "--url", redis.url, "--dir", self.work, "--events", count])[0]
                topic = one["topic"]
                if int(redis.ask("XLEN", topic)) != count:
                    raise SystemExit("bench: the stream does not hold every event")
                words = redis.last(topic)
                redis.ask("DEL", topic)
                ours.append(one)
                # The same server and the same fields, of the same length, from commands that are made beforehand.
                for name, clients, depth in (("50 clients, 16 each", 50, 16), ("1 client, 1,000", 1, 1_000)):
                    out = subprocess.run(
                        ["redis-benchmark", "-p", str(redis.port), "-n", str(count), "-c", str(clients), "-P", str(depth), "--csv",
                         "XADD", "bench.peer", "*", *words], capture_output=True, text=True, check=True, timeout=900).stdout
                    rate_ = float(re.findall(r'","([0-9.]+)"', out)[-1 if out.count("\n") < 2 else 0])
                    print(f"  redis-benchmark {name:20} per_second={rate_}", flush=True)
                    peers[name].append(rate_)
                    redis.ask("DEL", "bench.peer")
        size = sum(len(word) for word in words)
        for name, peer in peers.items():
            ratio = statistics.median(rate(ours)) / statistics.median(peer)
            self.add(
                f"relay of {count:,} events of {size} bytes to Redis Streams, fsync always, /s", f"{ratio:.2f}x", spread(rate(ours)),
                f"redis-benchmark XADD, {name} {spread(peer)}", "0.5x; 1x", ratio >= 0.5, f"{count} entries")

    def outbox(self):
        count, few = self.options.outbox_events, min(self.options.outbox_events, 2_000)
        ours, usual, pgmq, jobs = [], [], [], []
        for _ in range(RUNS):
            ours += run("almoner outbox", [OURS, "outbox", "--dsn", self.postgres.fresh(), "--events", count, "--batch", 100, "--page", 100])
            # Beside procrastinate both enqueue 1,000 at a time, and the relay has its usual pages: a worker there takes one job after the other.
            usual += run("almoner outbox, usual pages", [OURS, "outbox", "--dsn", self.postgres.fresh(), "--events", count, "--batch", 1_000, "--page", 2_000])
            pgmq += run("pgmq, batches of 100", [sys.executable, f"{PEERS}/pgmq_jobs.py", self.postgres.dsn, count, 100])
            jobs += run("procrastinate", [sys.executable, f"{PEERS}/jobs.py", self.postgres.dsn, few, 10, 1_000])
        for name, mine, pages, peer, floor, reach in (
                (f"pgmq {pgmq[0]['version']}, batches of 100", ours, "enqueued 100 a commit, leased and acknowledged 100 a page", pgmq, "1x; 10x", 1),
                ("procrastinate, batches of 1,000", usual, "1,000 a commit, 2,000 a page", jobs, "100x; 500x", 100)):
            ratio = statistics.median(rate(mine)) / statistics.median(rate(peer))
            self.add(
                f"durable outbox: {count:,} no-op jobs, {pages}, /s",
                f"{ratio:.2f}x", spread(rate(mine)), f"{name} {spread(rate(peer))}", floor, ratio >= reach, f"{count} jobs")

    def workers(self):
        path = self.csv(self.options.workers_rows, "few")
        numbers, results, sizes = (1, 2, 4), {}, []
        # In turn, so that whatever else the machine does falls on all of them.
        for _ in range(RUNS):
            for many in numbers:
                dsn, log = self.postgres.fresh(), int(self.postgres.ask("SELECT pg_current_wal_insert_lsn() - '0/0'"))
                results.setdefault(many, []).extend(run(
                    f"almoner, {many} workers",
                    [OURS, "workers", "--csv", path, "--dir", self.work, "--dsn", dsn, "--workers", many]))
                log = int(self.postgres.ask("SELECT pg_current_wal_insert_lsn() - '0/0'")) - log
                # An empty database is a few megabytes.
                size = int(self.postgres.ask(f"SELECT pg_database_size('{self.postgres.newest}') - pg_database_size('template1')"))
                print(f"  of a payout, load included: {size / self.options.workers_rows:.0f} bytes of tables and indexes, "
                      f"{log / self.options.workers_rows:.0f} of log", flush=True)
                sizes.append((size, log))
        checksum = same("payouts", *(one["checksum"] for ones in results.values() for one in ones))
        base = statistics.median(rate(results[1]))
        for many, ones in results.items():
            workers, machine = (statistics.median(float(one[name]) / float(one["seconds"]) for one in ones) for name in ("cpu", "busy"))
            ratio = statistics.median(rate(ones)) / base
            self.add(
                f"payouts on PostgreSQL by {many} worker process{'es' * (many > 1)}, {self.options.workers_rows:,}, batches of 200, /s",
                f"{ratio:.2f}x", spread(rate(ones)), f"itself with 1; {machine:.2f} of {os.cpu_count()} cores busy, {workers:.2f} of that by the workers",
                "-", None, checksum[:18])
        size, log = (statistics.median(values) / self.options.workers_rows for values in zip(*sizes))
        self.add("bytes of a payout on PostgreSQL, load included", "-", f"{number(size)} in tables and indexes, {number(log)} of log", "-", "-", None)

    def addresses(self):
        listed, asked = lists.addresses(self.work, self.options.address_list, self.options.address_rows)
        one, two, peer, lookups = [], [], [], []
        for _ in range(RUNS):
            first, second = run("almoner addresses", [OURS, "addresses", "--listed", listed, "--asked", asked])
            one.append(first)
            two.append(second)
            whole, alone = run("python set", [sys.executable, f"{PEERS}/addresses.py", listed, asked])
            peer.append(whole)
            lookups.append(alone)
        hits = same("hits", *(each["hits"] for each in one + two + peer))
        # One thread by processor time, two by the clock: there the clock is the point.
        for name, ours, other, what, floor, reach in (
                ("one thread", core_rate(one), core_rate(peer), "python set, lines and look-ups", "1x", 1),
                ("one thread", core_rate(one), core_rate(lookups), "python set, look-ups alone", "1x", 1),
                ("two threads", rate(two), rate(peer), "python set", "20M/s", None)):
            ratio = statistics.median(ours) / statistics.median(other)
            isReached = ratio >= reach if reach else statistics.median(ours) >= 20e6
            self.add(
                f"{self.options.address_rows:,} addresses from file bytes to verdict, {self.options.address_list:,} listed, {name}, /s",
                f"{ratio:.2f}x", spread(ours), f"{what} {spread(other)}", floor, isReached, f"{hits} hits")

    def names(self):
        listed, asked, pairs = lists.names(self.work, self.options.name_list, self.options.name_rows)
        ours, peers = [], []
        for _ in range(RUNS):
            ours += run("almoner names", [OURS, "names", "--listed", listed, "--asked", asked, "--pairs", pairs])
            peers.append(run("rapidfuzz", [sys.executable, f"{PEERS}/names.py", listed, asked, pairs, self.options.name_peer_rows]))
        found = ours[0]
        for place in (0, 1):
            peer = [each[place] for each in peers]
            ratio = statistics.median(core_rate(ours)) / statistics.median(core_rate(peer))
            self.add(
                f"{self.options.name_rows:,} names against {self.options.name_list:,}, one core, names/s", f"{ratio:.0f}x",
                f"{spread(core_rate(ours))}; at {found['at_95_recall']} recall precision {found['at_95_precision']}",
                f"rapidfuzz {peer[0]['scorer']} {spread(core_rate(peer))}; at {peer[0]['at_95_recall']} recall precision {peer[0]['at_95_precision']}",
                "3x; 10x", ratio >= 3 and float(found["at_95_precision"]) >= float(peer[0]["at_95_precision"]),
                f"{found['names_with_hits']} names with hits")

    def velocity(self):
        runs = [run("almoner velocity", [
            OURS, "velocity", "--decisions", self.options.velocity_decisions, "--keys", self.options.velocity_keys])
            for _ in range(RUNS)]
        for place in range(2):
            ours = [each[place] for each in runs]
            refused = same("refused", *(each["refused"] for each in ours))
            self.add(
                f"{self.options.velocity_decisions:,} decisions over {self.options.velocity_keys:,} counters and one for all, "
                f"{ours[0]['window']} windows, one core, /s", "-", spread(core_rate(ours)), "-", "printed", None,
                f"every count exact, {refused} refused")

    def geo(self):
        """One look-up of ours is an address from its text to country and system: two databases. mmdblookup reads one at a time."""
        countries, systems, asked = lists.networks(self.work, self.options.geo_networks, self.options.geo_rows)
        ours, peer = [], []
        for _ in range(RUNS):
            ours += run("almoner geo", [OURS, "geo", "--country", countries, "--asn", systems, "--asked", asked])
            took = 0
            for path in (countries, systems):
                began = os.times()
                done = subprocess.run(
                    ["mmdblookup", "--file", path, "--benchmark", str(self.options.geo_rows)], capture_output=True, text=True, check=True)
                ended = os.times()
                print(f"  mmdblookup                   {' '.join((done.stdout + done.stderr).split())}", flush=True)
                took += ended.children_user + ended.children_system - began.children_user - began.children_system
            peer.append({"count": str(self.options.geo_rows), "cpu": str(took)})
        found = same("countries", *(each["countries"] for each in ours))
        ratio = statistics.median(core_rate(ours)) / statistics.median(core_rate(peer))
        self.add(
            f"IP address to country and system, {self.options.geo_networks:,} networks each, one core, /s", f"{ratio:.2f}x",
            spread(core_rate(ours)), f"mmdblookup --benchmark {spread(core_rate(peer))}", "1x; 1x", ratio >= 1, f"{found} found")

    def beacon(self):
        rounds = os.path.join(ROOT, "Tests/Vectors/drand/public_rounds.json")
        for scheme, what in (("bls-unchained-g1-rfc9380", "quicknet"), ("pedersen-bls-chained", "the default chain")):
            kept, anew, peer = [], [], []
            for _ in range(RUNS):
                first, second = run("almoner beacon", [OURS, "beacon", "--rounds", rounds, "--scheme", scheme, "--count", self.options.beacon_count])
                kept.append(first)
                anew.append(second)
                peer += run("drand-verify", [sys.executable, f"{PEERS}/beacon.py", rounds, scheme, self.options.beacon_count])
            checksum = same("randomness", *(one["checksum"] for one in kept + anew + peer))
            for ours, key in ((kept, "kept"), (anew, "made for each round")):
                ratio = statistics.median(core_rate(ours)) / statistics.median(core_rate(peer))
                self.add(
                    f"rounds of {what} verified, one core, key {key}, /s", f"{ratio:.2f}x", spread(core_rate(ours)),
                    f"drand-verify {spread(core_rate(peer))}", "0.2x; 1x", ratio >= 0.2, checksum[:18])

    def members(self):
        """Sponsors of members, the earlier ones more often; and orders of buyers anywhere. Made once and kept in .bench/."""
        folder = os.path.join(ROOT, ".bench")
        os.makedirs(folder, exist_ok=True)
        count, orders = self.options.members, max(self.options.bonus_orders, self.options.bonus_rows_orders)
        sponsors, buyers = (os.path.join(folder, f"{name}-{count}-{orders}.txt") for name in ("sponsors", "orders"))
        if not os.path.exists(buyers):
            state = 7

            def drawn():
                nonlocal state
                state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
                return state >> 32

            with open(sponsors, "w") as file:
                for member in range(1, count + 1):
                    one = drawn()
                    file.write(f"{member * (one * one >> 32) >> 32}\n")
            with open(buyers + ".part", "w") as file:
                for _ in range(orders):
                    file.write(f"{drawn() * (count + 1) >> 32} {10_000 + drawn() % 10_000_000}\n")
            os.rename(buyers + ".part", buyers)
        return sponsors, buyers

    def organization(self):
        sponsors, _ = self.members()
        ours, peer, few = [], [], min(10_000, self.options.members)
        mine = run("almoner organization", [OURS, "organization", "--sponsors", sponsors, "--count", few])
        literal = run("literal search", [sys.executable, f"{PEERS}/organization.py", sponsors, few, "literal"])
        same("places of the literal search", *(one["checksum"] for one in mine + literal))
        for _ in range(RUNS):
            ours += run("almoner organization", [OURS, "organization", "--sponsors", sponsors])
            peer += run("Python, frontier queue", [sys.executable, f"{PEERS}/organization.py", sponsors])
        checksum = same("places", *(one["checksum"] for one in ours + peer))
        ratio = statistics.median(core_rate(ours)) / statistics.median(core_rate(peer))
        self.add(
            f"{self.options.members:,} members placed with spillover, one core, /s", f"{ratio:.0f}x", spread(core_rate(ours)),
            f"Python, frontier queue {spread(core_rate(peer))}", "30x; 80x", ratio >= 30, checksum)

    def bonuses(self):
        sponsors, buyers = self.members()
        orders = os.path.join(self.work, "orders.txt")

        def some(count):
            with open(buyers) as file, open(orders, "w") as out:
                out.writelines(line for _, line in zip(range(count), file))

        some(self.options.bonus_orders)
        ours, whole, decimal = [], [], []
        for _ in range(RUNS):
            ours += run("almoner bonuses", [OURS, "bonuses", "--sponsors", sponsors, "--orders", orders])
            first, second = run("Python", [sys.executable, f"{PEERS}/bonuses.py", sponsors, orders])
            whole.append(first)
            decimal.append(second)
        checksum = same("bonuses", *(one["checksum"] for one in ours + whole + decimal))
        for peer, what in ((whole, "whole numbers"), (decimal, "Decimal")):
            ratio = statistics.median(core_rate(ours)) / statistics.median(core_rate(peer))
            self.add(
                f"bonuses of {self.options.bonus_orders:,} orders over 20 levels, one core, entries/s", f"{ratio:.0f}x",
                spread(core_rate(ours)), f"Python, {what} {spread(core_rate(peer))}", "50x; 150x", ratio >= 50, checksum)
        some(self.options.bonus_rows_orders)
        ours, peer = [], []
        for _ in range(RUNS):
            ours += run("almoner bonuses, rows", [OURS, "bonuses", "--sponsors", sponsors, "--orders", orders, "--dir", self.work, "--batch", 20])
            peer += run("Python + sqlite3", [sys.executable, f"{PEERS}/bonuses.py", sponsors, orders, self.work, 20])
        checksum = same("rows of bonuses", *(one["checksum"] for one in ours + peer))
        ratio = statistics.median(rate(ours)) / statistics.median(rate(peer))
        self.add(
            f"the same as durable rows, {self.options.bonus_rows_orders:,} orders, 20 a commit, entries/s", f"{ratio:.2f}x",
            spread(rate(ours)), f"Python + sqlite3 {spread(rate(peer))}", "1.5x; 2x", ratio >= 1.5, checksum)

    def draw(self):
        """Two sales: as people buy, and the worst one, in which nobody buys twice."""
        tickets = self.options.draw_tickets
        for each, buyers, what in (
                (10, tickets // 33, "bought ten at a time, each buyer three times"), (1, tickets, "each by another buyer")):
            sales, draws, proven = [], [], []
            for _ in range(RUNS):
                sale, draw, seen = run(
                    "almoner draw", [OURS, "draw", "--tickets", tickets, "--a-purchase", each, "--buyers", buyers, "--winners", 10_000])
                sales.append(sale)
                draws.append(draw)
                proven.append(seen)
            checksum = same("winners", *(one["checksum"] for one in proven))
            took = [float(one["cpu"]) for one in draws]
            self.add(
                f"draw of 10,000 distinct winners of {tickets:,} tickets, {what}, with a proof for each, s of one core", "-", spread(took),
                f"- ({spread([float(one['seconds']) for one in draws])} by the clock)", "under 1; 0.3", statistics.median(took) < 1, checksum[:18])
            peak = [int(one["peak_kib"]) / 1024 for one in sales]
            self.add(
                f"memory for {tickets:,} tickets, {what}, MB", "-", spread(peak),
                f"- ({number(statistics.median(core_rate(sales)))} purchases/s by the rules, without a disk)", "under 512; 200",
                statistics.median(peak) < 512, checksum[:18])

    def commitment(self):
        count = self.options.commitment_purchases
        one, two, peer = [], [], []
        for _ in range(RUNS):
            one += run("almoner commitment", [OURS, "commitment", "--purchases", count])
            two += run("almoner commitment, 2 threads", [OURS, "commitment", "--purchases", count, "--threads", 2])
            peer += run("hashlib", [sys.executable, f"{PEERS}/commitment.py", count])
        checksum = same("root", *(each["checksum"] for each in one + two + peer))
        for ours, base, threads, what, floor in (
                (core_rate(one), core_rate(peer), "one core", "by processor time", None), (rate(two), rate(peer), "two threads", "by the clock", 5)):
            ratio = statistics.median(ours) / statistics.median(base)
            took = count / statistics.median(ours)
            self.add(
                f"commitment of {count:,} purchases of a ticket from scratch, {threads}, /s", f"{ratio:.1f}x", f"{spread(ours)}; {number(took)} s",
                f"hashlib, one thread, {what} {spread(base)}", "5x; under 5 s" if floor else "-", ratio >= floor if floor else None, checksum[:18])

    def purchases(self):
        count, rows = self.options.purchases_count, os.path.join(self.work, "purchases.tsv")
        ours, single, peer = [], [], []
        for _ in range(RUNS):
            single += run(
                "almoner purchases, alone", [OURS, "purchases", "--dir", self.work, "--rows", rows, "--count", count // 10, "--together", 1])
            ours += run("almoner purchases", [OURS, "purchases", "--dir", self.work, "--rows", rows, "--count", count])
            peer += run("sqlite3", [sys.executable, f"{PEERS}/purchases.py", rows, self.work, count])
        checksum = same("journal", *(one["checksum"] for one in ours + peer))
        base = statistics.median(rate(peer))
        for mine, what, floor in ((ours, "1,000 a commit", 2), (single, "one a commit", None)):
            ratio = statistics.median(rate(mine)) / base
            self.add(
                f"purchases of {count:,} buyers at the desk, {what}, durable, /s", f"{ratio:.1f}x", f"{spread(rate(mine))}; rows {mine[0]['rows']}",
                f"sqlite3, the journal's rows alone, one a commit {spread(rate(peer))}; rows {peer[0]['rows']}", "2x; 5x" if floor else "-",
                ratio >= floor if floor else None, checksum)

    # The whole

    ROWS = (
        "ingest", "ingest_postgresql", "memory", "sign", "life", "life_postgresql", "kill", "gas", "ledger", "relay", "outbox", "workers", "addresses",
        "names", "velocity", "geo", "beacon", "draw", "commitment", "purchases", "organization", "bonuses")

    def all(self):
        wanted = os.environ.get("BENCH_ROWS", "").replace(",", " ").split() or self.ROWS
        for name in wanted:
            if name not in self.ROWS:
                raise SystemExit(f"bench: no row {name}; there are {' '.join(self.ROWS)}")
        needs = {"ingest", "ingest_postgresql", "life", "life_postgresql", "ledger", "outbox", "workers"} & set(wanted)
        facts = self.facts()
        print("\n".join(facts), flush=True)
        if needs:
            with Postgres(self.work) as self.postgres:
                facts.append(f"PostgreSQL {self.postgres.version}, fsync on, Unix socket")
                print(facts[-1], flush=True)
                self.work_through(wanted)
        else:
            self.work_through(wanted)
        table = self.table()
        print("\n" + table)
        if self.options.markdown:
            with open(self.options.markdown, "w") as file:
                file.write("\n".join(f"- {fact}" for fact in facts) + "\n\n" + table)

    def work_through(self, wanted):
        for name in wanted:
            print(f"== {name}", flush=True)
            began = time.monotonic()
            getattr(self, name)()
            print(f"  {time.monotonic() - began:.0f} s", flush=True)

    def table(self):
        out = ["| work | ratio | ours | peer | floor; moonshot | reached | checksum |", "| --- | --- | --- | --- | --- | --- | --- |"]
        return "\n".join(out + ["| " + " | ".join(line) + " |" for line in self.lines]) + "\n"

    def facts(self):
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "?")
        system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
        packages = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Package} ${Version}; ", "libsqlite3-0", "libsecp256k1-1", "libssl3"], capture_output=True,
            text=True).stdout
        pinned = {}
        for name in ("Benchmarks/peers/requirements.txt", "tools/devchain/requirements.txt"):
            with open(os.path.join(ROOT, name)) as file:
                pinned.update(line.strip().split("==") for line in file if "==" in line)
        names = ("polars", "procrastinate", "psycopg", "eth-account", "coincurve", "py-evm")
        swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
        waits = self.sync()
        return [
            f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores of {model}, {system}, kernel {platform.release()}, load {os.getloadavg()[0]:.1f}",
            f"{swift}; {packages.rstrip('; ')}",
            ", ".join(f"{name} {pinned.get(name, '?')}" for name in names) + f", Python {platform.python_version()}",
            f"fdatasync of 4 KiB: p50 {waits[150] * 1e6:.0f} us, p99 {waits[297] * 1e6:.0f} us",
        ]

    def sync(self):
        """What one durable write costs on this disk."""
        waits, path = [], os.path.join(self.work, "sync")
        file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        for _ in range(300):
            os.write(file, b"\x5a" * 4096)
            began = time.perf_counter()
            os.fdatasync(file)
            waits.append(time.perf_counter() - began)
        os.close(file)
        os.remove(path)
        return sorted(waits)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markdown")
    for name, usual in (
            ("ingest-rows", 1_000_000), ("memory-rows", 10_000_000), ("sign-count", 20_000), ("life-rows", 100_000),
            ("kill-rows", 100_000), ("ledger-rows", 40_000), ("relay-events", 100_000), ("outbox-events", 50_000), ("workers-rows", 100_000),
            ("address-list", 100_000), ("address-rows", 2_000_000), ("name-list", 20_000), ("name-rows", 100_000), ("name-peer-rows", 500),
            ("velocity-decisions", 1_000_000), ("velocity-keys", 100_000), ("geo-networks", 200_000), ("geo-rows", 1_000_000),
            ("beacon-count", 500), ("draw-tickets", 10_000_000), ("commitment-purchases", 10_000_000), ("purchases-count", 50_000),
            ("members", 1_000_000), ("bonus-orders", 100_000), ("bonus-rows-orders", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    work = tempfile.mkdtemp(prefix="almoner-bench-", dir=os.environ.get("BENCH_DIR"))
    os.chmod(work, 0o755)
    try:
        Bench(work, options).all()
    finally:
        shutil.rmtree(work, ignore_errors=True)


main()
