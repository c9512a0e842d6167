import { expect, test } from "bun:test";
import { hashOf, newKey, parseKeys } from "#controlplane/auth/keys.ts";
import { anyTenant, parseTenants } from "#controlplane/auth/tenants.ts";

const hash = hashOf("a key");
const entry = { name: "ci", tenant: "acme", scopes: ["jobs:read"], hash };
const other = { ...entry, name: "cd", hash: hashOf("another") };

test("a key is 256 random bits and its hash tells nothing of it", () => {
  const [one, two] = [newKey(), newKey()];
  expect(one).toMatch(/^flux_[\w-]{43}$/);
  expect(one).not.toBe(two);
  expect(hashOf(one)).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test("keys are read from JSON and YAML alike, with their limits", () => {
  expect(parseKeys(JSON.stringify([entry]))).toEqual([{ ...entry, scopes: ["jobs:read"], limits: {} }]);
  const yaml = `- {name: ci, tenant: acme, scopes: [admin], hash: "${hash}", rate_limit: 60/1m, max_jobs: 2, max_streams: 3}`;
  expect(parseKeys(yaml)[0]?.limits).toEqual({ rate: { quota: 60, windowMs: 60_000 }, jobs: 2, streams: 3 });
});

test("an empty file has no keys and no tenants", () => {
  expect(parseKeys("")).toEqual([]);
  expect(() => parseTenants("").named("acme")).toThrow("may not use");
});

test.each([
  ["no list", { keys: [] }, "list"],
  ["an unknown scope", [{ ...entry, scopes: ["root"] }], "0.scopes.0"],
  ["no scope", [{ ...entry, scopes: [] }], "0.scopes"],
  ["a tenant that would climb", [{ ...entry, tenant: "../x" }], "0.tenant"],
  ["a key in the clear", [{ ...entry, hash: "flux_secret" }], "0.hash"],
  ["an unknown field", [{ ...entry, key: "flux_secret" }], "0.key"],
  ["two of one hash", [entry, { ...other, hash }], "same hash"],
  ["two of one name", [entry, { ...other, name: "ci" }], "one name"],
  ["a rate without a window", [{ ...entry, rate_limit: "60" }], "0.rate_limit"],
])("%s is refused, and nothing of the file is repeated", (_, entries, message) => {
  expect(() => parseKeys(JSON.stringify(entries))).toThrow(message);
  expect(() => parseKeys(JSON.stringify(entries))).not.toThrow("flux_secret");
});

test("a tenant has a folder of its name, or the prefix that the file gives it", () => {
  expect(anyTenant.named("acme")).toEqual({ name: "acme", pathPrefix: "acme/" });
  const { named } = parseTenants("acme: { path_prefix: customers/acme, storages: [s3] }\nbeta:\n");
  expect(named("acme")).toEqual({ name: "acme", pathPrefix: "customers/acme/", storages: ["s3"] });
  expect(named("beta")).toMatchObject({ pathPrefix: "beta/" });
  expect(() => named("gamma")).toThrow("may not use this service");
});

test("no tenant's folder is the one where the operator's outputs lie", () => {
  for (const name of ["outputs", "Outputs"]) {
    expect(() => anyTenant.named(name)).toThrow("needs a path_prefix of its own");
    expect(() => parseTenants(`${name}:`)).toThrow("TENANTS_FILE");
    expect(() => parseTenants(`acme: { path_prefix: ${name}/ }`)).toThrow("TENANTS_FILE");
    expect(parseTenants(`${name}: { path_prefix: customers/outputs }`).named(name).pathPrefix).toBe(
      "customers/outputs/",
    );
  }
  expect(anyTenant.named("outputs-2").pathPrefix).toBe("outputs-2/");
});

test.each([
  ["one below another", "a: { path_prefix: x }\nb: { path_prefix: x/y }"],
  ["two alike", "a: { path_prefix: x }\nb: { path_prefix: x/ }"],
  ["one that climbs", "a: { path_prefix: ../x }"],
  ["an absolute one", "a: { path_prefix: /x }"],
  ["an unknown storage", "a: { storages: [tape] }"],
])("prefixes and storages: %s is refused", (_, text) => {
  expect(() => parseTenants(text)).toThrow("TENANTS_FILE");
});
