import { orderFields } from "./replies.ts";

const [, ...fieldsAfterId] = orderFields;

/**
 * The functions that the scripts of a waiting room have in common, in Lua. KEYS[1] is the prefix of all keys; its hash
 * tag keeps them in one slot of a cluster:
 *
 * - order:ID hash; waiting:CLASS:TENANT ids by sequence; age:CLASS:PRIORITY ids by time, those that wait in a class
 * - turns:CLASS tenants that wait by their pass; passed:CLASS those that do not, but are ahead of the lowest pass
 * - running TENANT -> offered and accepted; accepted:ADDRESS ids by time; ids, ids:TENANT those not accepted, by name
 * - unsettled, ending sets of ids; claim:KEY:NUMBER id, or "closed"; ended:ID; sequence, fence, lease
 */
export const library = `
local P = KEYS[1]
local call = redis.call
local classes = { high = 0, normal = 1, low = 2 }
local fields = { ${fieldsAfterId.map((name) => `'${name}'`).join(", ")} }

local function stateOf(id) return call('HGET', P .. 'order:' .. id, 'state') end

local function placed(id)
  local row = call('HMGET', P .. 'order:' .. id, unpack(fields))
  if not row[1] then return false end
  table.insert(row, 1, id)
  return row
end

local function tell(id) call('PUBLISH', P .. 'changes', id) end

local function checkFence(fence)
  return (call('GET', P .. 'fence') or '0') == fence
end
local fenced = redis.error_reply('FENCED another control plane has the lease')

local function leastPass(class)
  return tonumber(call('ZRANGE', P .. 'turns:' .. class, 0, 0, 'WITHSCORES')[2])
end

local function enter(class, tenant, priority, id, sequence, addedAt)
  call('ZADD', P .. 'waiting:' .. class .. ':' .. tenant, sequence, id)
  call('ZADD', P .. 'age:' .. class .. ':' .. priority, addedAt, id)
  if call('ZSCORE', P .. 'turns:' .. class, tenant) then return end
  local least = leastPass(class) or 0
  local former = tonumber(call('ZSCORE', P .. 'passed:' .. class, tenant) or least)
  call('ZREM', P .. 'passed:' .. class, tenant)
  call('ZADD', P .. 'turns:' .. class, math.max(least, former), tenant)
end

local function leave(class, tenant, priority, id)
  call('ZREM', P .. 'waiting:' .. class .. ':' .. tenant, id)
  call('ZREM', P .. 'age:' .. class .. ':' .. priority, id)
  if call('EXISTS', P .. 'waiting:' .. class .. ':' .. tenant) == 1 then return end
  local pass = tonumber(call('ZSCORE', P .. 'turns:' .. class, tenant))
  call('ZREM', P .. 'turns:' .. class, tenant)
  local least = leastPass(class)
  if not least then return call('DEL', P .. 'passed:' .. class) end
  call('ZREMRANGEBYSCORE', P .. 'passed:' .. class, '-inf', least)
  if pass > least then call('ZADD', P .. 'passed:' .. class, pass, tenant) end
end

-- Takes back what the turn has cost of an order that was taken in vain.
local function giveTurnBack(id)
  local class, tenant, stride = unpack(call('HMGET', P .. 'order:' .. id, 'class', 'tenant', 'stride'))
  if stride then call('ZINCRBY', P .. 'turns:' .. class, -tonumber(stride), tenant) end
end

local function isRunning(state) return state == 'offered' or state == 'accepted' end

local function countRunning(tenant, by)
  if call('HINCRBY', P .. 'running', tenant, by) <= 0 then call('HDEL', P .. 'running', tenant) end
end

-- Takes an order out of all that its state has put it into.
local function detach(id)
  local tenant, priority, class, state, address = unpack(
    call('HMGET', P .. 'order:' .. id, 'tenant', 'priority', 'class', 'state', 'address'))
  if state == 'waiting' then leave(class, tenant, priority, id) end
  if isRunning(state) then countRunning(tenant, -1) end
  if state == 'accepted' then call('ZREM', P .. 'accepted:' .. address, id) end
  call('SREM', P .. 'ending', id)
  call('SREM', P .. 'unsettled', id)
end

local function unlist(id, tenant)
  call('ZREM', P .. 'ids', id)
  call('ZREM', P .. 'ids:' .. tenant, id)
end

-- Brings an order to another state; what the state does not say is cleared. That it was cancelled while it was offered
-- is told by who accepted it.
local function move(id, state, to)
  detach(id)
  local key = P .. 'order:' .. id
  if state ~= 'accepted' then call('HSET', key, 'is_cancelled', '0') end
  call('HSET', key, 'state', state, 'address', to.address or '', 'since', to.since or '', 'event', to.event or '')
  if to.number then call('HSET', key, 'number', to.number) end
  local tenant, priority, class, sequence, addedAt = unpack(
    call('HMGET', key, 'tenant', 'priority', 'class', 'sequence', 'added_at'))
  if state == 'waiting' then return enter(class, tenant, priority, id, sequence, addedAt) end
  call('SADD', P .. 'unsettled', id)
  if state == 'ending' then call('SADD', P .. 'ending', id) end
  if isRunning(state) then countRunning(tenant, 1) end
  if state ~= 'accepted' then return end
  call('ZADD', P .. 'accepted:' .. to.address, to.since, id)
  unlist(id, tenant)
end

local function forget(id)
  local tenant, key, number = unpack(call('HMGET', P .. 'order:' .. id, 'tenant', 'claim_key', 'claim_number'))
  if tenant then
    detach(id)
    unlist(id, tenant)
    if key ~= '' then call('DEL', P .. 'claim:' .. key .. ':' .. number) end
    call('DEL', P .. 'order:' .. id)
  end
  call('SET', P .. 'ended:' .. id, '1', 'PX', 60000)
  tell(id)
end

local function eachAge(visit)
  for priority, own in pairs(classes) do
    for class = 0, own do visit(P .. 'age:' .. class .. ':' .. priority) end
  end
end
`;
