-- Moves ledgers on behind batches of entries.
-- $1 JSON list of objects, one for each license: license; epoch and number of the last entry; dropped, how many are
-- missing before it; recovered_epoch, recovered_time and learned_time of a recovery, nulls if there was none;
-- count_from, from when usage must be counted anew, null if nothing is counted
-- No rows.
update usage_ledger
set
  epoch = given.epoch,
  number = given.number,
  dropped = usage_ledger.dropped + given.dropped,
  uncertain = usage_ledger.uncertain or given.dropped > 0,
  recovered_epoch = coalesce(given.recovered_epoch, usage_ledger.recovered_epoch),
  recovered_time = coalesce(given.recovered_time, usage_ledger.recovered_time),
  learned_time = coalesce(given.learned_time, usage_ledger.learned_time),
  rolled_until = least(usage_ledger.rolled_until, given.count_from)
from jsonb_to_recordset($1::jsonb) as given (
  license uuid, epoch bigint, number bigint, dropped bigint, recovered_epoch bigint,
  recovered_time timestamptz, learned_time timestamptz, count_from timestamptz
)
where usage_ledger.license = given.license;
