import { expect, test } from "bun:test";
import { authenticator } from "#controlplane/auth/authenticate.ts";
import type { Scope } from "#controlplane/auth/client.ts";
import { byHash, hashOf } from "#controlplane/auth/keys.ts";
import { anyTenant } from "#controlplane/auth/tenants.ts";
import { makeLog } from "#shared/log.ts";
import { rejection } from "#tests/support/outcome.ts";

const keys = ["0123456789abcdef", "fedcba9876543210"];
const log = makeLog("test", { level: "silent" });
const at = { a: () => "a", b: () => "b" };
const none = { rate: undefined, jobs: undefined, streams: undefined };
const options = { apiKeys: keys, tenants: () => anyTenant, limits: none, now: () => 0, log };
const from = (authorization?: string, url = "http://localhost/") =>
  new Request(url, authorization ? { headers: { Authorization: authorization } } : {});

test.each(keys)("the key %s opens everything of every tenant", async (key) => {
  const authenticate = authenticator(options);
  expect(await authenticate(from(`Bearer ${key}`), at.a)).toMatchObject({ tenant: { name: "" }, scopes: ["admin"] });
  expect(await authenticate(from(`bearer  ${key}`), at.a)).toBeDefined();
});

test.each([
  undefined,
  "Bearer",
  "Bearer wrong",
  `Basic ${keys[0]}`,
  `Bearer ${keys[0]} ${keys[1]}`,
  `x Bearer ${keys[0]}`,
])("%p does not", async (authorization) => {
  expect(await rejection(authenticator(options)(from(authorization), at.a))).toMatchObject({ kind: "unauthenticated" });
});

test("without keys everyone may call who knows this machine as localhost", async () => {
  const authenticate = authenticator({ ...options, apiKeys: [] });
  expect(await authenticate(from(), at.a)).toMatchObject({ name: "anonymous" });
  expect(await authenticate(from(undefined, "http://[::1]:8080/"), at.a)).toMatchObject({ name: "anonymous" });
  expect(await rejection(authenticate(from(undefined, "http://rebound.example.com/"), at.a))).toMatchObject({
    kind: "forbidden",
  });
  const sentBy = (Origin: string) => new Request("http://localhost:8080/", { headers: { Origin } });
  expect(await authenticate(sentBy("http://localhost:8080"), at.a)).toMatchObject({ name: "anonymous" });
  for (const origin of ["https://evil.example.com", "null", "http://localhost.evil.example.com"])
    expect(await rejection(authenticate(sentBy(origin), at.a))).toMatchObject({ kind: "forbidden" });
});

test("keys of the file open what they say, and no longer when they are gone from it", async () => {
  const entry = {
    name: "ci",
    tenant: "acme",
    scopes: ["jobs:read"] as Scope[],
    hash: hashOf("secret"),
    limits: { jobs: 1 },
  };
  let entries = [entry];
  const authenticate = authenticator({ ...options, entries: () => byHash(entries) });
  const client = await authenticate(from("Bearer secret"), at.a);
  expect(client).toMatchObject({
    name: "ci",
    tenant: { name: "acme", pathPrefix: "acme/" },
    scopes: ["jobs:read"],
    limits: { ...none, jobs: 1 },
  });
  expect(client.isStillKnown()).toBe(true);
  entries = [{ ...entry, scopes: ["jobs:write"] }];
  expect(client.isStillKnown()).toBe(false);
  entries = [];
  expect(client.isStillKnown()).toBe(false);
  expect(await rejection(authenticate(from("Bearer secret"), at.a))).toMatchObject({ kind: "unauthenticated" });
});

test("after many wrong keys an address is refused unheard, unless what it shows was right before", async () => {
  let time = 0;
  const authenticate = authenticator({ ...options, now: () => time });
  await authenticate(from(`Bearer ${keys[0]}`), at.a);
  const tries = Array.from({ length: 40 }, (_, n) =>
    authenticate(from(`Bearer guess-${n}`), at.a).catch((error) => error.kind),
  );
  const kinds = await Promise.all(tries);
  expect(kinds.filter((kind) => kind === "unauthenticated").length).toBeGreaterThanOrEqual(30);
  const late = authenticate(from(`Bearer ${keys[1]}`), at.a);
  expect(await rejection(late)).toMatchObject({ kind: "rate_limited", headers: { "Retry-After": "2" } });
  expect(await authenticate(from(`Bearer ${keys[0]}`), at.a)).toBeDefined();
  expect(await authenticate(from(`Bearer ${keys[1]}`), at.b)).toBeDefined();
  expect(await rejection(authenticate(from(), at.a))).toMatchObject({ kind: "unauthenticated" });
  time += 2_000;
  expect(await authenticate(from(`Bearer ${keys[1]}`), at.a)).toBeDefined();
});
