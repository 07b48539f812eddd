"""Bonuses over twenty levels of a binary tree in plain Python, one percent a level: bonuses.py SPONSORS ORDERS [FOLDER [BATCH]].

SPONSORS as organization.py reads it; ORDERS: a file with `buyer pv` a line, PV in whole numbers of 0.0001. Without FOLDER only the
distribution is computed, once with whole numbers and once with Decimal; the clock runs over that alone. With FOLDER the entries become
rows of a SQLite database there (bonuses.sql: primary and unique keys, foreign key, checks, index), BATCH orders a commit (1 unless given),
WAL with synchronous=FULL; the clock runs over computing, inserting and committing. Every run ends with a check that what the rows say is
what was computed.
"""
import os
import sqlite3
import sys
from decimal import ROUND_HALF_EVEN, Decimal

import organization
from organization import NOBODY
from peer import Measure

RATES = [100] * 20  # of 10,000
PERCENTAGES = [Decimal("0.01")] * 20
QUANTUM = Decimal("0.0001")


def rounded(numerator, denominator):
    """A quotient of whole numbers, ties to even."""
    whole, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return whole + 1 if twice > denominator or twice == denominator and whole & 1 else whole


def entries_of(parents, buyer, pv, rates):
    """(level, recipient, amount) in whole numbers of 0.0001; `rates` of 10,000. A rate of zero or less makes no entry."""
    out, node = [], buyer
    for level, rate in enumerate(rates, 1):
        node = parents[node]
        if node == NOBODY:
            break
        if rate > 0:
            out.append((level, node, rounded(pv * rate, 10_000)))
    return out


def decimal_entries_of(parents, buyer, pv, percentages):
    """The same with Decimal, as the rule is told."""
    out, node = [], buyer
    for level, percentage in enumerate(percentages, 1):
        node = parents[node]
        if node == NOBODY:
            break
        if percentage > 0:
            out.append((level, node, (pv * percentage).quantize(QUANTUM, ROUND_HALF_EVEN)))
    return out


def distribute(tree, tree_type, order, percentages, bonus_type="recommend", first=1):
    """One order's entries with their metadata, over an `Organization`: as the recorded cases have them."""
    buyer = tree.of_user.get((tree_type, order["user_id"]))
    if buyer is None:
        raise ValueError(f"User '{order['user_id']}' is not registered in organization tree '{tree_type}'.")
    out, amount = [], Decimal(order["amount"])
    for level, (node, percentage) in enumerate(zip(tree.ancestors(buyer, len(percentages)), percentages), 1):
        if percentage <= 0:
            continue
        out.append({
            "bonus_id": f"bonus-{first + len(out)}", "user_id": node["user"], "source_user_id": order["user_id"], "bonus_type": bonus_type,
            "level": level, "order_id": order["order_id"], "pv_amount": order["amount"],
            "bonus_amount": f"{(amount * percentage).quantize(QUANTUM, ROUND_HALF_EVEN):f}", "status": "PENDING",
            "metadata": {"order_id": order["order_id"], "tree_type": tree_type, "source_node_id": buyer["node_id"],
                         "ancestor_node_id": node["node_id"], "pv_amount": order["amount"], **order["metadata"]}})
    return out


def checksum(all_entries):
    """Sum of (order + 1) * (recipient + 1) * level + amount over all entries, 64 bits; orders count from 0."""
    return sum((number + 1) * (recipient + 1) * level + amount
               for number, entries in enumerate(all_entries) for level, recipient, amount in entries) & 0xFFFFFFFFFFFFFFFF


def read(path):
    with open(path, encoding="ascii") as file:
        return [tuple(map(int, line.split())) for line in file]


def compute(parents, orders):
    measure = Measure()
    whole = [entries_of(parents, buyer, pv, RATES) for buyer, pv in orders]
    took = measure.taken()
    count = sum(map(len, whole))
    took.result(count, kind="integer", orders=len(orders), checksum=f"{checksum(whole):016x}")
    prices = [(buyer, Decimal(pv).scaleb(-4)) for buyer, pv in orders]
    measure = Measure()
    decimals = [decimal_entries_of(parents, buyer, pv, PERCENTAGES) for buyer, pv in prices]
    took = measure.taken()
    same = checksum([[(level, node, int(amount.scaleb(4))) for level, node, amount in one] for one in decimals])
    took.result(count, kind="decimal", orders=len(orders), checksum=f"{same:016x}")


def opened(folder):
    path = os.path.join(folder, "bonuses.db")
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("PRAGMA foreign_keys = ON")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "bonuses.sql"), encoding="utf-8") as file:
        store.executescript(file.read())
    return store


INSERT_ORDER = "INSERT INTO orders VALUES (?, ?, ?, 'PAID')"
INSERT_BONUS = """INSERT INTO bonus_transactions (bonus_id, user_id, source_user_id, bonus_type, order_id, level, pv_amount, bonus_amount, created_at)
                  VALUES (?, ?, ?, 'sponsor', ?, ?, ?, ?, ?)"""


def write(store, parents, orders, batch):
    """One transaction a batch of orders; returns how many rows there are."""
    count = 0
    for start in range(0, len(orders), batch):
        rows, bonuses = [], []
        for number in range(start, min(start + batch, len(orders))):
            buyer, pv = orders[number]
            order_id, user = f"order-{number}", f"u{buyer}"
            rows.append((order_id, user, pv))
            for level, recipient, amount in entries_of(parents, buyer, pv, RATES):
                count += 1
                bonuses.append((f"bonus-{count}", f"u{recipient}", user, order_id, level, pv, amount * 10_000, 1_735_732_800_000 + number))
        store.execute("BEGIN IMMEDIATE")
        store.executemany(INSERT_ORDER, rows)
        store.executemany(INSERT_BONUS, bonuses)
        store.execute("COMMIT")
    return count


def durable(parents, orders, folder, batch):
    store = opened(folder)
    measure = Measure()
    count = write(store, parents, orders, batch)
    took = measure.taken()
    rows, total = store.execute("SELECT count(*), sum(bonus_amount) FROM bonus_transactions").fetchone()
    wanted = [entries_of(parents, buyer, pv, RATES) for buyer, pv in orders]
    if (rows, total) != (count, 10_000 * sum(amount for one in wanted for _, _, amount in one)):
        raise SystemExit(f"bonuses: {rows} rows of {count} entries, sum {total}")
    store.close()
    took.result(count, kind="sqlite3", orders=len(orders), batch=batch, checksum=f"{checksum(wanted):016x}")


def main():
    tree, _ = organization.place_all(organization.read(sys.argv[1]))
    orders = read(sys.argv[2])
    if len(sys.argv) > 3:
        durable(tree.parent, orders, sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    else:
        compute(tree.parent, orders)


if __name__ == "__main__":
    main()
