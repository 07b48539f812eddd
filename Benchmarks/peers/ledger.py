"""Postings on one hot account by a procedure of PostgreSQL: ledger.py DSN COUNT CLIENTS|batched.

CLIENTS connections, one posting a transaction, prepared statements (pgbench's fast mode, in Python because pgbench would
need no less); or one connection with 1,000 calls in each transaction.
"""
import os
import subprocess
import sys
import tempfile

import psycopg

from peer import Measure


def main():
    dsn, count, how = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ledger.sql")) as file:
        schema = file.read()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(schema.replace("CHECKPOINT;", ""))
        connection.execute("CHECKPOINT")
        if how == "batched":
            measure = Measure()
            for start in range(0, count, 1000):
                connection.execute(
                    "SELECT count(post(1, 2, n)) FROM generate_series(%s::int, %s::int) n",
                    (start + 1, min(count, start + 1000)))
            took = measure.taken()
        else:
            took = pgbench(dsn, count, int(how))
        posted, units = connection.execute("SELECT count(*), sum(units) FROM transfers").fetchone()
        debit, credit = connection.execute(
            "SELECT (SELECT debit FROM accounts WHERE id = 1), (SELECT credit FROM accounts WHERE id = 2)").fetchone()
    if not (posted == count and units == debit == credit):
        raise SystemExit(f"{posted} of {count} postings, {units} {debit} {credit}")
    took.result(count, how=how, total=units)


def pgbench(dsn, count, clients):
    program = os.path.join(os.environ["PG_BIN"], "pgbench")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write("\\set n random(1, 1000)\nSELECT post(1, 2, :n);\n")
        script.flush()
        measure = Measure()
        subprocess.run(
            [program, "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-t", str(count // clients), "-f", script.name, dsn],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return measure.taken()


main()
