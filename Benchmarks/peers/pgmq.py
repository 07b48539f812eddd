"""pgmq's life of a message that does nothing: pgmq.py DSN COUNT BATCH.

Its functions for batches: send_batch, read with a visibility time-out, delete, BATCH messages in each, a commit after each. The
extension is in no Debian package; its SQL (pgmq.sql) runs without it. One client, prepared statements, nothing done with a message.
"""
import json
import os
import sys

import psycopg

from peer import Measure


def main():
    dsn, count, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    pad = "x" * 100
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=1) as db:
        db.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pgmq.sql")) as file:
            db.execute(file.read())
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
    took.result(count, batch=batch, enqueue_per_second=f"{count / queued:.1f}",
                lease_per_second=f"{count / (took.wall - queued):.1f}")


main()
