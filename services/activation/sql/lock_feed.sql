-- Takes the feed's lock for this transaction. One row: the revision that it stands at.
select revision from feed for update
