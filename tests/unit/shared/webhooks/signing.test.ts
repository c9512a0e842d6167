import { expect, test } from "bun:test";
import { Webhook } from "standardwebhooks";
import * as v from "valibot";
import {
  newSecret,
  parseSecret,
  type Secret,
  signatureOf,
  signatureProblem,
  webhookSecrets,
} from "#shared/webhooks/signing.ts";

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

const secretOf = (text: string): Secret => {
  const secret = parseSecret(text);
  if (!secret) throw new Error("no secret");
  return secret;
};

const [older, newer] = [newSecret(), newSecret()];
const now = Date.now();
const signed = { id: "0a1b2c3d-1-7", timestamp: String(Math.floor(now / 1_000)), body: '{"message":"東京"}' };
const both = [newer, older].map(secretOf);
const problemWith = (change: Partial<typeof signed>, header = signatureOf(signed, both), at = now) =>
  signatureProblem({ ...signed, ...change }, header, secretOf(older), { now: at, toleranceMs: 300_000 });

// The example of the Standard Webhooks specification's own libraries.
test("signs as others do", () => {
  const secret = secretOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const example = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", body: '{"test": 2432232314}' };
  expect(signatureOf(example, [secret])).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test.each([older, newer])("a receiver that has any one of the secrets verifies", (secret) => {
  const headers = { "webhook-id": signed.id, "webhook-timestamp": signed.timestamp };
  const verified = new Webhook(secret).verify(signed.body, {
    ...headers,
    "webhook-signature": signatureOf(signed, both),
  });
  expect(verified).toEqual({ message: "東京" });
});

test("finds no trouble with what it signed, be it text or bytes, nor with what the other library signed", () => {
  expect(problemWith({})).toBeUndefined();
  expect(
    signatureProblem({ ...signed, body: Buffer.from(signed.body) }, signatureOf(signed, both), secretOf(newer), {
      now,
      toleranceMs: 1_000,
    }),
  ).toBeUndefined();
  const theirs = new Webhook(older).sign(signed.id, new Date(now), signed.body);
  expect(problemWith({}, `v1a,AAAA ${theirs}`)).toBeUndefined();
});

test.each([
  [{ id: "0a1b2c3d-1-8" }, "no signature fits"],
  [{ body: `${signed.body} ` }, "no signature fits"],
  [{ timestamp: String(Number(signed.timestamp) + 1) }, "no signature fits"],
  [{ timestamp: "soon" }, "not a number of seconds"],
])("says what is wrong when it was signed for other than %j", (change, words) => {
  expect(problemWith(change)).toContain(words);
});

test("says what is wrong with a header, and with a timestamp beyond the tolerance on either side", () => {
  expect(problemWith({}, signatureOf(signed, [secretOf(newer)]))).toContain("no signature fits");
  expect(problemWith({}, "v1,")).toContain("no signature fits");
  expect(problemWith({}, "v2,AAAA")).toContain("no v1 signature");
  expect(problemWith({}, undefined, now + 302_000)).toContain("old: it may be a replay");
  expect(problemWith({}, undefined, now - 302_000)).toContain("ahead of the clock");
});
