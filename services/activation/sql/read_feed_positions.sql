-- Where the feed of entitlements stands, and how far the issuer's feed has been dealt with. One row.
select revision as head, issuer_cursor
from feed
