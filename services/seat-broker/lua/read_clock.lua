-- Reads the clock of this Redis, and who it is. Takes no keys.
--
-- Reply n, incarnation
--@include clock
return { time_ms(), this_incarnation() }
