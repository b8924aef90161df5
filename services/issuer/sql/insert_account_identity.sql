-- Gives an account that this transaction has locked, or made, an identity. No row comes back if an
-- account has it. Breaks a constraint if no slot is free.
-- $1 issuer, $2 subject, $3 account, $4 when
insert into account_identity (issuer, subject, account_id, slot, link_time)
select
  $1, $2, $3,
  (
    select min(free.slot)
    from generate_series(0, 9) as free (slot)
    where not exists (select from account_identity i where i.account_id = $3 and i.slot = free.slot)
  ),
  $4
on conflict (issuer, subject) do nothing
returning slot
