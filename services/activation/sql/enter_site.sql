-- Makes a process the one that looks after the site, and tells it what is remembered.
-- $1 the process. One row.
update site set process = $1::uuid returning license, seen_time, vendor_contact_time
