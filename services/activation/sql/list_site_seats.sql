-- The seats that the site holds or has asked for, the oldest at the front. Any number of rows.
select lease, features, end_time, extend_time from site_seat order by create_time, lease
