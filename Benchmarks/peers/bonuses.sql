-- What a store of bonuses keeps, with its constraints. Amounts are whole numbers of 0.00000001, PV of 0.0001.
CREATE TABLE orders (
  order_id TEXT PRIMARY KEY CHECK (length(order_id) <= 64),
  user_id TEXT NOT NULL,
  pv_amount INTEGER NOT NULL CHECK (pv_amount >= 0),
  status TEXT NOT NULL
) STRICT;
CREATE TABLE bonus_transactions (
  bonus_id TEXT PRIMARY KEY CHECK (length(bonus_id) <= 64),
  user_id TEXT NOT NULL,
  source_user_id TEXT,
  bonus_type TEXT NOT NULL,
  order_id TEXT NOT NULL REFERENCES orders,
  level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 20),
  pv_amount INTEGER NOT NULL CHECK (pv_amount >= 0),
  bonus_amount INTEGER NOT NULL CHECK (bonus_amount >= 0),
  status TEXT NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'CONFIRMED', 'RETRY', 'FAILED')),
  hold_until INTEGER,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  UNIQUE (order_id, bonus_type, user_id, level)
) STRICT;
CREATE INDEX bonus_by_user ON bonus_transactions (user_id, status);
