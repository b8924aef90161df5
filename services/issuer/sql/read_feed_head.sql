-- Where the feed of licenses stands. One row.
select revision as head
from feed_head
