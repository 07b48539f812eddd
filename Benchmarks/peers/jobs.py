"""procrastinate's life of a job that does nothing: jobs.py DSN COUNT CONCURRENCY [BATCH].

Its documented fast mode: batch_defer, one asynchronous worker with concurrency. Without BATCH only the worker's time is
counted; almoner's figure likewise begins when everything is queued. With BATCH the deferring, so many at a time, counts
as well.
"""
import asyncio
import sys

import procrastinate

from peer import Measure


async def main():
    dsn, count, concurrency = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    batch = int(sys.argv[4]) if len(sys.argv) > 4 else None
    connector = procrastinate.PsycopgConnector(conninfo=dsn, min_size=2, max_size=concurrency + 2)
    app = procrastinate.App(connector=connector)

    @app.task(name="payout")
    async def payout(number):
        pass

    async with app.open_async():
        await connector.execute_query_async("DROP SCHEMA public CASCADE")
        await connector.execute_query_async("CREATE SCHEMA public")
        await app.schema_manager.apply_schema_async()
        measure, size = Measure(), batch or 1000
        for start in range(0, count, size):
            await payout.batch_defer_async(*({"number": n} for n in range(start, min(count, start + size))))
        if not batch:
            measure = Measure()
        await app.run_worker_async(concurrency=concurrency, wait=False, install_signal_handlers=False)
        took = measure.taken()
        row = await connector.execute_query_one_async(
            "SELECT count(*) FILTER (WHERE status = 'succeeded') AS done FROM procrastinate_jobs")
        if row["done"] != count:
            raise SystemExit(f"{row['done']} of {count} jobs succeeded")
    took.result(count, concurrency=concurrency)


asyncio.run(main())
