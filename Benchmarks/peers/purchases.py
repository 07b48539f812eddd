"""sqlite3: the journal's rows of our purchases, a durable commit for each: purchases.py ROWS DIR COUNT."""
import os
import sqlite3
import sys

from peer import Measure

TABLE = """
CREATE TABLE journal(
  journal TEXT NOT NULL, number INTEGER NOT NULL CHECK(number >= 1), key TEXT NOT NULL, kind TEXT NOT NULL,
  body BLOB NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(journal, number)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX journal_by_key ON journal(journal, key);
"""


def main():
    rows, directory, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    path = os.path.join(directory, "peer.db")
    with open(rows) as file:
        wanted = [(key, kind, bytes.fromhex(body)) for key, kind, body in (line.rstrip("\n").split("\t") for _, line in zip(range(count), file))]
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "page_size=8192"):
        database.execute(f"PRAGMA {pragma}")
    database.executescript(TABLE)
    measure = Measure()
    for number, (key, kind, body) in enumerate(wanted, 1):
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO journal VALUES('lottery', ?, ?, ?, ?, 'operator:bench', 1)", (number, key, kind, body))
        database.execute("COMMIT")
    measure.taken()
    found, size = database.execute("SELECT count(*), sum(length(body)) FROM journal").fetchone()
    database.close()
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(path + ending):
            os.remove(path + ending)
    measure.result(found, checksum=f"{found}/{size}", rows=f"journal:{found}")


main()
