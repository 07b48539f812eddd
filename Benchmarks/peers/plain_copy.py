"""Plain COPY of the file as it is: plain_copy.py CSV DSN. The same unique indexes as almoner's store, and nothing else done.

The rows arrive in the file's order and are taken as text: no pattern, no EIP-55, no duplicates, no rejects. One transaction,
fsync on.
"""
import sys

import psycopg

from peer import Measure

SCHEMA = """
DROP TABLE IF EXISTS recipients;
CREATE TABLE recipients(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  campaign_no bigint NOT NULL DEFAULT 1,
  address text NOT NULL,
  amount numeric(78,0) NOT NULL CHECK (amount > 0),
  payout_id text UNIQUE,
  email text,
  country text,
  UNIQUE(campaign_no, address));
CHECKPOINT;
"""


def main():
    path, dsn = sys.argv[1:]
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in SCHEMA.split(";")[:-1]:
            connection.execute(statement)
    measure = Measure()
    with psycopg.connect(dsn) as connection:
        with connection.cursor() as cursor, open(path, "rb") as file:
            columns = ",".join(file.readline().decode().strip().split(","))
            with cursor.copy(f"COPY recipients({columns}) FROM STDIN (FORMAT csv)") as copy:
                while part := file.read(1 << 20):
                    copy.write(part)
        connection.commit()
        took = measure.taken()
        count, total = connection.execute("SELECT count(*), sum(amount) FROM recipients").fetchone()
    took.result(count, accepted=count, total=total)


main()
