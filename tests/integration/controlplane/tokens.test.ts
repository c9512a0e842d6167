import { afterAll, beforeAll, expect, test } from "bun:test";
import { CompactSign, exportJWK, generateKeyPair, UnsecuredJWT } from "jose";
import { tokenReader } from "#controlplane/auth/jwt.ts";
import {
  anOrder,
  jsonOf,
  sseEvents,
  startTestControlPlane,
  type TestControlPlane,
} from "#tests/support/control-plane.ts";
import { type FakeWorker, startFakeWorker } from "#tests/support/fake-worker.ts";
import { rejection } from "#tests/support/outcome.ts";
import { startIssuer } from "#tests/support/token-issuer.ts";

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let worker: FakeWorker;
let service: TestControlPlane;

beforeAll(async () => {
  issuer = await startIssuer();
  worker = await startFakeWorker();
  const settings = { ...issuer.settings, API_KEY: "0123456789abcdef", RATE_LIMIT: "100000/1s" };
  service = await startTestControlPlane({ workers: [worker.address], settings });
});
afterAll(async () => {
  await service.stop();
  await worker[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

const ask = (token: string, path = "/jobs", init: RequestInit = {}) =>
  service.get(path, { ...init, headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" } });
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

test("a good token opens what its scopes say, and so does an API key beside it", async () => {
  expect((await ask(await issuer.sign())).status).toBe(200);
  expect((await ask(await issuer.sign({ scope: undefined, scp: ["jobs:read"] }))).status).toBe(200);
  expect((await ask(await issuer.sign({ aud: ["other", "flux"] }))).status).toBe(200);
  expect((await ask("0123456789abcdef")).status).toBe(200);
});

test("its clock may be 30 seconds off", async () => {
  expect((await ask(await issuer.sign({ exp: inSeconds(-20) }))).status).toBe(200);
  expect((await ask(await issuer.sign({ nbf: inSeconds(20) }))).status).toBe(200);
});

test.each<[string, () => Promise<string> | string]>([
  ["another issuer", () => issuer.sign({ iss: "https://evil.example.com/" })],
  ["another audience", () => issuer.sign({ aud: "another" })],
  ["no audience", () => issuer.sign({ aud: undefined })],
  ["no subject", () => issuer.sign({ sub: undefined })],
  ["no end", () => issuer.sign({ exp: undefined })],
  ["an end in the past", () => issuer.sign({ exp: inSeconds(-60) })],
  ["a beginning in the future", () => issuer.sign({ nbf: inSeconds(60) })],
  ["no tenant", () => issuer.sign({ tenant: undefined })],
  ["a tenant that climbs", () => issuer.sign({ tenant: "../acme" })],
  ["the operator's tenant", () => issuer.sign({ tenant: "" })],
  ["an unknown key", async () => issuer.sign({}, { by: (await generateKeyPair("ES256")).privateKey, kid: "unknown" })],
  ["another key of the same id", async () => issuer.sign({}, { by: (await generateKeyPair("ES256")).privateKey })],
  [
    "HS256 with the public key for a secret",
    async () => issuer.sign({}, { alg: "HS256", by: new TextEncoder().encode(await issuer.publicPem()) }),
  ],
  [
    "no algorithm",
    () =>
      new UnsecuredJWT({
        sub: "x",
        tenant: "acme",
        scope: "admin",
        iss: issuer.settings.JWT_ISSUER,
        aud: "flux",
        exp: inSeconds(60),
      }).encode(),
  ],
  ["a key of its own", () => ownKey({})],
  ["a key of its own under a known id", () => ownKey({ kid: issuer.key.kid })],
  ["the address of a key of its own", () => ownKey({ jku: "http://127.0.0.1:9/keys", x5u: "http://127.0.0.1:9/x" })],
  ["an extension that nobody knows", () => ownKey({ crit: ["x"], x: 1 }, issuer.key)],
  ["a payload changed afterwards", async () => forged(await issuer.sign())],
  ["no signature", async () => (await issuer.sign()).replace(/[^.]+$/, "")],
])("a token with %s is refused", async (_, make) => {
  const answer = await ask(await make());
  expect([answer.status, answer.headers.get("WWW-Authenticate")]).toEqual([401, 'Bearer error="invalid_token"']);
});

/** Signed with a key that comes along in the header, as some libraries would believe it. */
async function ownKey(header: Record<string, unknown>, by?: { privateKey: CryptoKey; kid: string }) {
  const own = await generateKeyPair("ES256", { extractable: true });
  const claims = { sub: "x", tenant: "acme", scope: "jobs:read", iss: issuer.settings.JWT_ISSUER, aud: "flux" };
  return new CompactSign(new TextEncoder().encode(JSON.stringify({ ...claims, exp: inSeconds(60) })))
    .setProtectedHeader({ alg: "ES256", jwk: await exportJWK(own.publicKey), ...(by && { kid: by.kid }), ...header })
    .sign(by?.privateKey ?? own.privateKey, { crit: { x: true } });
}

const forged = (token: string) => {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const changed = Buffer.from(JSON.stringify({ ...claims, scope: "admin" })).toString("base64url");
  return [header, changed, signature].join(".");
};

test("a token without the scope is told which one it needs", async () => {
  const token = await issuer.sign({ scope: "jobs:write workers:admin" });
  const answer = await ask(token);
  expect([answer.status, answer.headers.get("WWW-Authenticate")]).toEqual([
    403,
    'Bearer error="insufficient_scope", scope="jobs:read"',
  ]);
  expect(await jsonOf(answer)).toMatchObject({ kind: "forbidden", detail: "this needs the scope jobs:read" });
  expect((await ask(token, "/workers/status")).status).toBe(403);
  expect((await ask(await issuer.sign({ scope: "workers:read" }), "/workers/status")).status).toBe(200);
});

test("keys are fetched once, and again when they rotate; tokens of a key that is gone are refused", async () => {
  await using own = await startIssuer();
  const { JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL } = own.settings;
  const settings = { issuer: JWT_ISSUER, audience: JWT_AUDIENCE, jwksUrl: JWT_JWKS_URL, tenantClaim: "tenant" };
  const read = tokenReader(settings, 0);
  const old = await own.sign();
  for (let n = 0; n < 5; n += 1) expect(await read(old)).toMatchObject({ name: "service", tenant: "acme" });
  expect(own.questions()).toBe(1);

  const next = await own.makeKey("second", "RS256");
  await own.publish(next);
  expect(await read(await own.sign({}, { alg: "RS256", by: next.privateKey, kid: "second" }))).toBeDefined();
  expect(await read(old)).toBeUndefined();
});

test("strangers' key ids do not make us ask the issuer again and again", async () => {
  await using own = await startIssuer();
  const { JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL } = own.settings;
  const read = tokenReader({
    issuer: JWT_ISSUER,
    audience: JWT_AUDIENCE,
    jwksUrl: JWT_JWKS_URL,
    tenantClaim: undefined,
  });
  expect(await read(await own.sign({ tenant: undefined }))).toMatchObject({ tenant: "" });
  for (let n = 0; n < 10; n += 1) expect(await read(await own.sign({}, { kid: `stranger-${n}` }))).toBeUndefined();
  expect(own.questions()).toBe(1);
});

test("a stream ends when the token that opened it has expired", async () => {
  let now = Date.now();
  await using own = await startTestControlPlane({
    workers: [worker.address],
    settings: issuer.settings,
    deps: { now: () => now, heartbeatMs: 20 },
  });
  const headers = { Authorization: `Bearer ${await issuer.sign()}` };
  const { job_id } = await jsonOf(await own.post(anOrder, headers));
  const stream = await own.get(`/jobs/${job_id}/stream`, { headers });
  now += 331_000;
  expect((await Array.fromAsync(sseEvents(stream))).map(({ status }) => status)).toEqual(["queued"]);
});

test("an issuer that is down is no fault of the token", async () => {
  await using own = await startIssuer();
  own.fail(true);
  const { JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL } = own.settings;
  const read = tokenReader({
    issuer: JWT_ISSUER,
    audience: JWT_AUDIENCE,
    jwksUrl: JWT_JWKS_URL,
    tenantClaim: "tenant",
  });
  expect(await rejection(read(await own.sign()))).toMatchObject({ status: 503, kind: "unreachable" });
  own.fail(false);
  expect(await read(await own.sign())).toBeDefined();
});
