"""Ingest with polars and COPY: ingest.py CSV DSN. The same columns and the same unique indexes as almoner's store.

polars parses, checks addresses and amounts by pattern, drops duplicates and sorts by address (COPY into a sorted index
is its fast mode); one COPY in one transaction, fsync on. Not done here and done by almoner: EIP-55, a rejects file, resume, the
ledger order, the content hash.
"""
import io
import sys

import polars as pl
import psycopg

from peer import Measure

SCHEMA = """
DROP TABLE IF EXISTS recipients;
CREATE TABLE recipients(
  id bigint PRIMARY KEY,
  campaign_no bigint NOT NULL,
  address bytea NOT NULL,
  units numeric(78,0) NOT NULL CHECK (units > 0),
  payout_key text UNIQUE,
  row_no bigint NOT NULL,
  status text NOT NULL,
  metadata text NOT NULL,
  UNIQUE(campaign_no, address));
CHECKPOINT;
"""


def main():
    path, dsn = sys.argv[1:]
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in SCHEMA.split(";")[:-1]:
            connection.execute(statement)
    measure = Measure()
    rows = pl.read_csv(path, infer_schema=False, row_index_name="row_no", row_index_offset=1)
    read = rows.height
    rows = rows.filter(
        pl.col("address").str.contains("^0x[0-9a-fA-F]{40}$") & pl.col("amount").str.contains("^[0-9]{1,78}$"))
    rows = rows.with_columns(("\\x" + pl.col("address").str.slice(2).str.to_lowercase()).alias("address"))
    rows = rows.unique(subset="address", keep="none").sort("address")
    extra = [name for name in rows.columns if name not in ("row_no", "address", "amount", "payout_id")]
    metadata = pl.concat_str([pl.lit("{")] + [
        part for place, name in enumerate(extra)
        for part in (pl.lit(("," if place else "") + f'"{name}":"'), pl.col(name), pl.lit('"'))] + [pl.lit("}")])
    key = pl.col("payout_id") if "payout_id" in rows.columns else pl.lit(None, dtype=pl.String)
    rows = rows.with_row_index("id", offset=1 << 31).select(
        pl.col("id"), pl.lit(1).alias("campaign_no"), pl.col("address"), pl.col("amount"), key.alias("payout_key"),
        pl.col("row_no"), pl.lit("queued").alias("status"), metadata.alias("metadata"))
    buffer = io.BytesIO()
    rows.write_csv(buffer, include_header=False)
    with psycopg.connect(dsn) as connection:
        with connection.cursor() as cursor:
            with cursor.copy("COPY recipients FROM STDIN (FORMAT csv)") as copy:
                view = buffer.getbuffer()
                for start in range(0, len(view), 1 << 20):
                    copy.write(view[start:start + (1 << 20)])
        connection.commit()
        took = measure.taken()
        accepted, total = connection.execute("SELECT count(*), sum(units) FROM recipients").fetchone()
    took.result(read, accepted=accepted, total=total)


main()
