-- The generations of product keys that were retired while the service ran.
select generation, advice
from key_generation_retirement
