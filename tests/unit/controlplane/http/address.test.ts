import { expect, test } from "bun:test";
import * as v from "valibot";
import { senderAt } from "#controlplane/http/address.ts";
import { parseEnv } from "#shared/env.ts";
import { cidrs } from "#shared/net/addresses.ts";

const trusted = parseEnv(v.object({ CIDRS: cidrs }), { CIDRS: "10.0.0.0/8,::1,fd00::/8" }).CIDRS;

test.each([
  ["203.0.113.9", undefined, "203.0.113.9"],
  ["203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["10.1.1.1", "198.51.100.1", "198.51.100.1"],
  ["::ffff:10.1.1.1", "198.51.100.1", "198.51.100.1"],
  ["10.1.1.1", "1.1.1.1, 198.51.100.1, 10.2.2.2", "198.51.100.1"],
  ["10.1.1.1", "1.1.1.1, not an address", "10.1.1.1"],
  ["10.1.1.1", "1.1.1.1, unknown, 10.2.2.2", "10.2.2.2"],
  ["10.1.1.1", "1.1.1.1, 7", "10.1.1.1"],
  ["10.1.1.1", "1.1.1.1, 198.51.100.1:50123, 10.2.2.2:443", "198.51.100.1"],
  ["10.1.1.1", "1.1.1.1, 198.51.100.1:port", "10.1.1.1"],
  ["10.1.1.1", "1.1.1.1, [2001:db8:1:2::7]:50123", "2001:db8:1:2::/64"],
  ["10.1.1.1", "1.1.1.1, [2001:db8:1:2::7]", "2001:db8:1:2::/64"],
  ["10.1.1.1", "1.1.1.1, 2001:db8:1:2::7, [fd00::1]:80", "2001:db8:1:2::/64"],
  ["10.1.1.1", "198.51.100.1, ,", "198.51.100.1"],
  ["10.1.1.1", "10.3.3.3", "10.1.1.1"],
  ["10.1.1.1", undefined, "10.1.1.1"],
  ["2001:db8:1:2:3:4:5:6", undefined, "2001:db8:1:2::/64"],
  ["::ffff:203.0.113.9", undefined, "203.0.113.9"],
  ["unknown", "1.1.1.1", "unknown"],
])("a request from %s, forwarded for %p, is from %s", (peer, forwardedFor, sender) => {
  expect(senderAt(peer, forwardedFor, trusted)).toBe(sender);
});
