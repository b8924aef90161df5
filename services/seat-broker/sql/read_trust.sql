-- The trust bundle kept last.
-- None or one row: bundle.
select bundle from trust;
