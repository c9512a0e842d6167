/**
 * Takes the order whose turn it is. Tenants of a class take turns by weight: each has a pass, which grows by 1 / weight
 * when one of its orders is taken, and the lowest pass is next (stride scheduling). Who is passed over, because enough
 * of its orders run, is lifted to the pass of who is next: it gathers no arrears.
 */
export const takeScript = `
local fence, address, shares, agingMs, except, now = unpack(ARGV)
if not checkFence(fence) then return fenced end
shares, agingMs, now = cjson.decode(shares), tonumber(agingMs), tonumber(now)
local isExcepted, excepted = {}, cjson.decode(except)
for _, id in ipairs(excepted) do isExcepted[id] = true end

-- Orders that have waited long move to the next class, the oldest first.
for priority, own in pairs(classes) do
  for class = own, 1, -1 do
    local before = now - (own - class + 1) * agingMs
    for _, id in ipairs(call('ZRANGEBYSCORE', P .. 'age:' .. class .. ':' .. priority, '-inf', before, 'LIMIT', 0, 100)) do
      local tenant, sequence, addedAt = unpack(call('HMGET', P .. 'order:' .. id, 'tenant', 'sequence', 'added_at'))
      leave(class, tenant, priority, id)
      call('HSET', P .. 'order:' .. id, 'class', class - 1)
      enter(class - 1, tenant, priority, id, sequence, addedAt)
    end
  end
end

local function firstOf(class, tenant)
  local share = shares[tenant] or {}
  local most = share.maxRunning
  if most and tonumber(call('HGET', P .. 'running', tenant) or 0) >= most then return nil end
  for _, id in ipairs(call('ZRANGE', P .. 'waiting:' .. class .. ':' .. tenant, 0, #excepted)) do
    if not isExcepted[id] then return id end
  end
end

local function take(class, tenant, id, pass, skipped)
  local turns = P .. 'turns:' .. class
  for _, other in ipairs(skipped) do call('ZADD', turns, pass, other) end
  local stride = 1 / ((shares[tenant] or {}).weight or 1)
  call('ZADD', turns, pass + stride, tenant)
  move(id, 'offered', { address = address, since = ARGV[6] })
  call('HSET', P .. 'order:' .. id, 'stride', string.format('%.17g', stride))
  tell(id)
  return placed(id)
end

for class = 0, 2 do
  local turns, from, skipped = P .. 'turns:' .. class, 0, {}
  while true do
    local batch = call('ZRANGE', turns, from, from + 49, 'WITHSCORES')
    for at = 1, #batch, 2 do
      local id = firstOf(class, batch[at])
      if id then return take(class, batch[at], id, tonumber(batch[at + 1]), skipped) end
      table.insert(skipped, batch[at])
    end
    if #batch < 100 then break end
    from = from + 50
  end
end
return false`;
