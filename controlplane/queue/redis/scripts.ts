import { library } from "./library.ts";
import { lockScripts } from "./lock-scripts.ts";
import { takeScript } from "./take-script.ts";

/** What a message begins with that tells of a worker with room; others are ids of orders. */
export const roomPrefix = "room ";

// Each is one atomic step. Answers are texts and lists of texts: a script's numbers lose their fractions.
const bodies = {
  add: `
local id, tenant, priority, addedAt, sealed, key, number, total, ofTenant = unpack(ARGV)
if stateOf(id) or call('EXISTS', P .. 'ended:' .. id) == 1 then return 'known' end
local claim = key ~= '' and P .. 'claim:' .. key .. ':' .. number
local holder = claim and call('GET', claim)
if holder then return 'closed' end
local waiting = 0
eachAge(function(ages) waiting = waiting + call('ZCARD', ages) end)
if waiting >= tonumber(total) then return 'full' end
local theirs = 0
for class = 0, 2 do theirs = theirs + call('ZCARD', P .. 'waiting:' .. class .. ':' .. tenant) end
if ofTenant ~= '' and theirs >= tonumber(ofTenant) then return 'tenant_full' end
local class, sequence = classes[priority], call('INCR', P .. 'sequence')
call('HSET', P .. 'order:' .. id, 'tenant', tenant, 'priority', priority, 'class', class, 'sequence', sequence,
  'added_at', addedAt, 'sealed', sealed, 'claim_key', key, 'claim_number', number, 'state', 'waiting', 'number', '1',
  'address', '', 'since', '', 'is_cancelled', '0', 'event', '')
if claim then call('SET', claim, id) end
call('ZADD', P .. 'ids', 0, id)
call('ZADD', P .. 'ids:' .. tenant, 0, id)
enter(class, tenant, priority, id, sequence, addedAt)
tell(id)
return call('ZRANK', P .. 'waiting:' .. class .. ':' .. tenant, id) + 1`,

  isClear: `
for class = 0, classes[ARGV[1]] do
  if call('EXISTS', P .. 'turns:' .. class) == 1 then return 0 end
end
return 1`,

  find: `return placed(ARGV[1])`,

  positions: `
local found = {}
for _, id in ipairs(ARGV) do
  local class, tenant, state = unpack(call('HMGET', P .. 'order:' .. id, 'class', 'tenant', 'state'))
  local isWaiting = state == 'waiting'
  table.insert(found, isWaiting and call('ZRANK', P .. 'waiting:' .. class .. ':' .. tenant, id) + 1)
end
return found`,

  list: `
local ids = ARGV[2] == '1' and P .. 'ids:' .. ARGV[3] or P .. 'ids'
local found = {}
for _, id in ipairs(call('ZREVRANGEBYLEX', ids, ARGV[4], '-', 'LIMIT', 0, ARGV[1])) do
  table.insert(found, placed(id))
end
return found`,

  summary: `
local waiting = {}
for class = 0, 2 do
  for _, tenant in ipairs(call('ZRANGE', P .. 'turns:' .. class, 0, -1)) do
    table.insert(waiting, { tenant, tostring(class), tostring(call('ZCARD', P .. 'waiting:' .. class .. ':' .. tenant)) })
  end
end
local oldest
eachAge(function(ages)
  local first = tonumber(call('ZRANGE', ages, 0, 0, 'WITHSCORES')[2])
  if first and (not oldest or first < oldest) then oldest = first end
end)
return { waiting, call('HGETALL', P .. 'running'), oldest and tostring(oldest) or '', call('SCARD', P .. 'ending') }`,

  closeClaim: `
local claim = P .. 'claim:' .. ARGV[1] .. ':' .. ARGV[2]
local holder = call('GET', claim)
if holder and holder ~= 'closed' then return holder end
call('SET', claim, 'closed', 'PX', 48 * 3600 * 1000)
return false`,

  setPriority: `
local id, priority, sealed = unpack(ARGV)
local state = stateOf(id)
if not state then return '' end
if state ~= 'waiting' then return 'taken' end
local key, sequence = P .. 'order:' .. id, call('INCR', P .. 'sequence')
local tenant, former, class, addedAt = unpack(call('HMGET', key, 'tenant', 'priority', 'class', 'added_at'))
leave(class, tenant, former, id)
call('HSET', key, 'priority', priority, 'class', classes[priority], 'sequence', sequence, 'sealed', sealed)
enter(classes[priority], tenant, priority, id, sequence, addedAt)
tell(id)
return 'moved'`,

  end: `
local id, event, isCancel = unpack(ARGV)
local state = stateOf(id)
if state == 'waiting' then
  move(id, 'ending', { event = event })
  tell(id)
elseif state == 'offered' and isCancel == '1' then
  call('HSET', P .. 'order:' .. id, 'is_cancelled', '1')
  tell(id)
end
return placed(id)`,

  remove: `
forget(ARGV[1])
return 1`,

  lease: `
local holder, forMs = unpack(ARGV)
local held = call('GET', P .. 'lease')
if held and held ~= holder then return false end
if not held then call('INCR', P .. 'fence') end
call('SET', P .. 'lease', holder, 'PX', forMs)
return call('GET', P .. 'fence')`,

  release: `
if checkFence(ARGV[1]) then call('DEL', P .. 'lease') end
return 1`,

  take: takeScript,

  settle: `
local fence, id, state, number, address, since, event = unpack(ARGV)
if not checkFence(fence) then return fenced end
if stateOf(id) ~= 'offered' then return false end
local before = placed(id)
move(id, state, { number = number ~= '' and number, address = address, since = since, event = event })
if state == 'waiting' then giveTurnBack(id) end
tell(id)
return before`,

  unsettled: `
local found = {}
for _, id in ipairs(call('SMEMBERS', P .. 'unsettled')) do table.insert(found, placed(id)) end
return found`,

  addedBefore: `
local found = {}
eachAge(function(ages)
  local entries = call('ZRANGEBYSCORE', ages, '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, 100)
  for at = 1, #entries, 2 do table.insert(found, { entries[at], tonumber(entries[at + 1]) }) end
end)
table.sort(found, function(a, b) return a[2] < b[2] end)
local ids = {}
for at = 1, math.min(#found, 100) do table.insert(ids, found[at][1]) end
return ids`,

  missing: `
local active, found = {}, {}
for at = 3, #ARGV do active[ARGV[at]] = true end
for _, id in ipairs(call('ZRANGEBYSCORE', P .. 'accepted:' .. ARGV[1], '-inf', '(' .. ARGV[2])) do
  if not active[id] then table.insert(found, id) end
end
return found`,

  announce: `
tell('${roomPrefix}' .. ARGV[1])
return 1`,

  ...lockScripts,
} as const;

export type ScriptName = keyof typeof bodies;

/** A script's text, and the name by which Redis knows it once it has seen it. */
export type Script = { text: string; sha: string };

export const scripts = Object.fromEntries(
  Object.entries(bodies).map(([name, body]) => {
    const text = library + body;
    return [name, { text, sha: new Bun.CryptoHasher("sha1").update(text).digest("hex") }];
  }),
) as Readonly<Record<ScriptName, Script>>;
