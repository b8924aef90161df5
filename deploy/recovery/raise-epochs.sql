-- For the seat-broker's database, right after it was put back from a backup and before any seat-broker runs on it
-- (docs/operations/backup.md). Epochs that were taken after the backup are not known to it, and a loss of data in
-- Redis would take them once more: fencing tokens would repeat. So all of them move beyond every one that may have
-- been taken. A pool takes one epoch for each loss of its data, so that a thousand is more than any backup is behind.
update pool set lease_epoch = lease_epoch + 1000;
