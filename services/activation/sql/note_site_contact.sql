-- Remembers when the vendor was reached. $1 the site's time. One row.
update site set vendor_contact_time = $1::timestamptz returning only_row
