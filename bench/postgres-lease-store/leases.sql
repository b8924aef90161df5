-- The least that leases in Postgres need: no queue, no sub-pools, no revocation, no ledger.
-- `expiry` is in no index, so that a renewal may be a heap-only update.
CREATE TABLE pools (
  license text PRIMARY KEY,
  seats int NOT NULL,
  epoch bigint NOT NULL,
  seq bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE leases (
  license text NOT NULL,
  id text NOT NULL,
  expiry timestamptz NOT NULL,
  fence bigint NOT NULL,
  holder text NOT NULL,
  PRIMARY KEY (license, id)
) WITH (fillfactor = 50);

-- Those who acquire of one license do so one after the other: the row of the pool is locked until the commit.
CREATE FUNCTION acquire(of text, lease text, who text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  pool pools;
  given bigint;
BEGIN
  SELECT * INTO pool FROM pools WHERE license = of FOR UPDATE;
  UPDATE leases SET expiry = clock_timestamp() + interval '1 hour'
    WHERE license = of AND id = lease AND expiry > clock_timestamp() RETURNING fence INTO given;
  IF FOUND THEN RETURN given; END IF;
  IF (SELECT count(*) FROM leases WHERE license = of AND expiry > clock_timestamp()) >= pool.seats THEN
    RETURN NULL;
  END IF;
  UPDATE pools SET seq = seq + 1 WHERE license = of;
  INSERT INTO leases VALUES
    (of, lease, clock_timestamp() + interval '1 hour', (pool.epoch << 32) + pool.seq + 1, who);
  RETURN (pool.epoch << 32) + pool.seq + 1;
END $$;
