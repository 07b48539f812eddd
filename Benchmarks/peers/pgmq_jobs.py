"""pgmq's life of a message that does nothing: pgmq_jobs.py DSN COUNT BATCH.

Its functions for batches: send_batch, read with a visibility time-out, delete, BATCH messages in each, a commit after each. The
extension is in no Debian package; its SQL runs without it, and its Python package brings
that. One client, prepared statements, nothing done with a message.
"""
import importlib.resources
import json
import sys

import psycopg

from peer import Measure

SQL = importlib.resources.files("pgmq").joinpath("sql")


def main():
    dsn, count, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    pad = "x" * 100
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=1) as db:
        db.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")
        db.execute(SQL.joinpath("pgmq.sql").read_text())
        db.execute("SELECT pgmq.create('bench')")
        measure, done = Measure(), 0
        for start in range(0, count, batch):
            messages = [json.dumps({"n": n, "pad": pad}) for n in range(start, min(count, start + batch))]
            db.execute("SELECT pgmq.send_batch('bench', %s::jsonb[])", (messages,))
        queued = measure.wall_so_far()
        while ids := [row[0] for row in db.execute("SELECT msg_id FROM pgmq.read('bench', 30, %s)", (batch,))]:
            done += len(db.execute("SELECT pgmq.delete('bench', %s::bigint[])", (ids,)).fetchall())
        took = measure.taken()
        left = db.execute("SELECT count(*) FROM pgmq.q_bench").fetchone()[0]
        if done != count or left:
            raise SystemExit(f"{done} of {count} messages were done, {left} are left")
    took.result(count, batch=batch, version=SQL.joinpath("VERSION").read_text().strip(), enqueue_per_second=f"{count / queued:.1f}",
                lease_per_second=f"{count / (took.wall - queued):.1f}")


main()
