import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { callbackCheck } from "#worker/webhooks/check.ts";

const rules = { schemes: ["https", "http"], allowedCidrs: [] };

test("takes a public callback", () => {
  expect(() => callbackCheck(rules, [randomBytes(32)])("https://example.com/hook?x=1")).not.toThrow();
});

test.each([
  ["http://10.0.0.1/", "private address"],
  ["http://localhost/", "local name"],
  ["http://169.254.169.254/", "metadata"],
  ["ftp://example.com/", "scheme"],
  ["hook", "not a URL"],
])("refuses %s", (url, words) => {
  expect(() => callbackCheck(rules, [randomBytes(32)])(url)).toThrow(words);
});

test("refuses every callback while there is no secret to sign with", () => {
  expect(() => callbackCheck(rules, [])("https://example.com/")).toThrow("WEBHOOK_SECRETS");
});
