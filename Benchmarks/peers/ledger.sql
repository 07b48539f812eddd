-- A posting as a procedure of PostgreSQL: both accounts locked in order, limit checked, two balances and one transfer
-- written. No audit record, no outbox event, no payout row: almoner's posting has all three.
DROP TABLE IF EXISTS transfers;
DROP TABLE IF EXISTS accounts;
CREATE TABLE accounts(
  id int PRIMARY KEY,
  debit numeric(78,0) NOT NULL DEFAULT 0,
  credit numeric(78,0) NOT NULL DEFAULT 0,
  external boolean NOT NULL DEFAULT false,
  CHECK (external OR credit >= debit)) WITH (fillfactor = 20);
CREATE TABLE transfers(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  debit int NOT NULL REFERENCES accounts(id),
  credit int NOT NULL REFERENCES accounts(id),
  units numeric(78,0) NOT NULL CHECK (units > 0),
  at timestamptz NOT NULL DEFAULT now());
INSERT INTO accounts(id, credit, external) VALUES (1, 1000000000000, false), (2, 0, false);
CREATE OR REPLACE FUNCTION post(giver int, taker int, amount numeric) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE available numeric; made bigint;
BEGIN
  PERFORM 1 FROM accounts WHERE id IN (giver, taker) ORDER BY id FOR UPDATE;
  SELECT credit - debit INTO available FROM accounts WHERE id = giver;
  IF available < amount THEN RAISE EXCEPTION 'insufficient'; END IF;
  UPDATE accounts SET debit = debit + amount WHERE id = giver;
  UPDATE accounts SET credit = credit + amount WHERE id = taker;
  INSERT INTO transfers(debit, credit, units) VALUES (giver, taker, amount) RETURNING id INTO made;
  RETURN made;
END $$;
CHECKPOINT;
