-- Moves a ledger on behind a batch of entries.
-- $1 license  $2 epoch, $3 number of the last one  $4 how many were dropped before it
-- $5 epoch of a recovery, $6 when it began, $7 when learning ends; nulls if there was none
-- $8 from when usage must be counted anew; null if nothing is counted
-- No rows.
update usage_ledger
set
  epoch = $2::bigint,
  number = $3::bigint,
  dropped = dropped + $4::bigint,
  uncertain = uncertain or $4::bigint > 0,
  recovered_epoch = coalesce($5::bigint, recovered_epoch),
  recovered_time = coalesce($6::timestamptz, recovered_time),
  learned_time = coalesce($7::timestamptz, learned_time),
  rolled_until = least(rolled_until, $8::timestamptz)
where license = $1::uuid;
