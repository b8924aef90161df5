-- How far the issuer's feed has been dealt with. One row.
select issuer_cursor from feed
