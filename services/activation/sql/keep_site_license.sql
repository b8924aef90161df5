-- Keeps what the vendor told of the license. $1 license (JSON), $2 when the vendor was reached. One row.
update site set license = $1::jsonb, vendor_contact_time = $2::timestamptz returning only_row
