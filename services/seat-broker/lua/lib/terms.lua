-- Which of two terms of a license are newer.

-- Whether what is known, the revisions of a license and of its product as they are in m, is older than others.
local function is_older(revision, product_revision, than, than_product)
  if not revision then return true end
  if tonumber(revision) ~= tonumber(than) then return tonumber(revision) < tonumber(than) end
  return tonumber(product_revision or 0) < tonumber(than_product)
end
