/**
 * Locks of uploads: a holder takes one for a time, prolongs it, and hears when another waits for it. ARGV: the lock's name
 * and the holder's token, then for how many milliseconds.
 */
export const lockScripts = {
  lock: `
local name, token, forMs = unpack(ARGV)
local key = P .. 'upload:' .. name
if call('SET', key, token, 'NX', 'PX', forMs) then return 1 end
call('SET', key .. ':wanted', '1', 'PX', forMs)
return 0`,

  // 0: lost; 1: held; 2: held, and another waits for it.
  prolong: `
local name, token, forMs = unpack(ARGV)
local key = P .. 'upload:' .. name
if call('GET', key) ~= token then return 0 end
call('PEXPIRE', key, forMs)
return 1 + call('EXISTS', key .. ':wanted')`,

  unlock: `
local name, token = unpack(ARGV)
local key = P .. 'upload:' .. name
if call('GET', key) == token then call('DEL', key, key .. ':wanted') end
return 1`,
} as const;
