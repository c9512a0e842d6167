import { expect, test } from "bun:test";
import * as v from "valibot";
import { newSecret, parseSecret, webhookSecrets } from "#worker/webhooks/secrets.ts";

const ofBytes = (count: number) => `whsec_${Buffer.alloc(count, 7).toString("base64")}`;

test("a new secret is one, and another each time", () => {
  expect(parseSecret(newSecret())).toHaveLength(32);
  expect(newSecret()).not.toBe(newSecret());
});

test("takes several, newest first, with blanks and with or without the padding of base64", () => {
  const [first, second] = [ofBytes(25), ofBytes(24)];
  const parsed = v.parse(webhookSecrets, ` ${first.replace(/=+$/, "")} , ${second},`);
  expect(parsed.map((secret) => secret.length)).toEqual([25, 24]);
  expect(v.parse(webhookSecrets, "")).toEqual([]);
});

test.each([
  ["no prefix", ofBytes(32).slice(6)],
  ["too short", ofBytes(23)],
  ["too long", ofBytes(65)],
  ["no base64", `whsec_${"!".repeat(40)}`],
])("refuses one with %s by its place, and does not show it", (_, wrong) => {
  const { issues } = v.safeParse(webhookSecrets, `${newSecret()},${wrong}`);
  expect(issues?.map(({ message }) => message)).toEqual([expect.stringContaining("entry 2 ")]);
  expect(issues?.[0]?.message).not.toContain(wrong);
});
