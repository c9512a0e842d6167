import { expect, test } from "bun:test";
import * as v from "valibot";
import { makeBuckets } from "#controlplane/auth/buckets.ts";
import { operator } from "#controlplane/auth/client.ts";
import { senderAt } from "#controlplane/http/address.ts";
import { makeConcurrencyLimit } from "#controlplane/http/concurrency-limit.ts";
import { parseEnv } from "#shared/env.ts";
import { cidrs } from "#shared/net/addresses.ts";

test("a bucket gives out its quota and fills up evenly", () => {
  let time = 0;
  const buckets = makeBuckets(() => time);
  const rate = { quota: 60, windowMs: 60_000 };
  expect(buckets.take("a", rate)).toMatchObject({ isAllowed: true, remaining: 59, resetSeconds: 1 });
  for (let n = 0; n < 59; n += 1) buckets.take("a", rate);
  expect(buckets.take("a", rate)).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 60, retrySeconds: 1 });
  expect(buckets.look("b", rate)).toMatchObject({ isAllowed: true, remaining: 60 });
  time += 1_500;
  expect(buckets.take("a", rate)).toMatchObject({ isAllowed: true, remaining: 0 });
  expect(buckets.take("a", rate)).toMatchObject({ isAllowed: false, retrySeconds: 1 });
  time += 3_600_000;
  expect(buckets.take("a", rate)).toMatchObject({ remaining: 59 });
});

test("a clock that is set back locks nobody out", () => {
  let time = 7_200_000;
  const buckets = makeBuckets(() => time);
  const rate = { quota: 60, windowMs: 60_000 };
  buckets.take("a", rate);
  time -= 3_600_000;
  expect(buckets.take("a", rate)).toMatchObject({ isAllowed: true, remaining: 58 });
});

test("what a client has going on is counted until it ends, once", () => {
  const take = makeConcurrencyLimit("jobs");
  const limits = { rate: undefined, jobs: 2, streams: undefined };
  const client = { name: "a", tenant: operator, scopes: [], limits, isStillKnown: () => true };
  const first = take(client);
  take(client);
  expect(() => take(client)).toThrow("you have 2 jobs already");
  expect(() => take({ ...client, name: "b" })).not.toThrow();
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  take(client);
  expect(() => take(client)).toThrow();
});

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
