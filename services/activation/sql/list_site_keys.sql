-- The keys that the site signs with. Up to three rows.
select purpose, kid, public_key, sealed_private_key from site_key
