import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { callbackCheck, urlSeal } from "#shared/webhooks/callback-url.ts";

const url = "https://user:pass@example.com/hook?token=secret";
const [older, newer] = [randomBytes(32), randomBytes(32)];

test("whoever has the secret opens it, also when it is no longer the newest", () => {
  const sealed = urlSeal([older]).seal(url, "job-1");
  expect(urlSeal([newer, older]).open(sealed, "job-1")).toBe(url);
});

test("shows nothing of the URL, and differs each time", () => {
  const { seal } = urlSeal([newer]);
  const sealed = seal(url, "job-1");
  expect(Buffer.from(sealed, "base64url").toString("latin1")).not.toMatch(/example|token/);
  expect(seal(url, "job-1")).not.toBe(sealed);
});

test("opens with no other secret, for no other webhook, and not when a bit has changed", () => {
  const sealed = urlSeal([older]).seal(url, "job-1");
  expect(urlSeal([newer]).open(sealed, "job-1")).toBeUndefined();
  expect(urlSeal([]).open(sealed, "job-1")).toBeUndefined();
  const { open } = urlSeal([older]);
  expect(open(sealed, "job-2")).toBeUndefined();
  const bytes = Buffer.from(sealed, "base64url");
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
  expect(open(bytes.toString("base64url"), "job-1")).toBeUndefined();
  for (const short of ["", "AAAA", sealed.slice(0, 30)]) expect(open(short, "job-1")).toBeUndefined();
});

test("seals with nothing but a secret", () => {
  expect(() => urlSeal([]).seal(url, "job-1")).toThrow("WEBHOOK_SECRETS");
});

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
