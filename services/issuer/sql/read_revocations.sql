-- What is revoked and not over, of one instant; of each kind the latest ones. Times in ms.
-- $1 now, $2 most of each
select
  head.version,
  array(
    select id
    from license
    where state = 'REVOKED' and end_time > $1
    order by update_time desc, id
    limit $2
  ) as licenses,
  (
    select coalesce(jsonb_agg(jsonb_build_object('id', id, 'at', at)), '[]'::jsonb)
    from (
      select installation_id as id, (extract(epoch from revoke_time) * 1000)::bigint as at
      from revoked_installation
      where until_time > $1
      order by revoke_time desc, installation_id
      limit $2
    ) latest
  ) as installations
from revocation_head head
