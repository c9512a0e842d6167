import { expect, test } from "bun:test";
import { apiKeys } from "#controlplane/http/auth.ts";

const keys = ["0123456789abcdef", "fedcba9876543210"];
const from = (authorization?: string) =>
  new Request("http://localhost/", authorization ? { headers: { Authorization: authorization } } : {});

test.each(keys)("the key %s opens", async (key) => {
  expect(await apiKeys(keys)(from(`Bearer ${key}`))).toBeDefined();
  expect(await apiKeys(keys)(from(`bearer  ${key}`))).toBeDefined();
});

test.each([
  undefined,
  "Bearer",
  "Bearer wrong",
  `Basic ${keys[0]}`,
  `Bearer ${keys[0]} ${keys[1]}`,
  `x Bearer ${keys[0]}`,
])("%p does not", async (authorization) => {
  expect(await apiKeys(keys)(from(authorization))).toBeUndefined();
});

test("without keys everyone may call", async () => {
  expect(await apiKeys([])(from())).toEqual({ name: "anonymous" });
});
