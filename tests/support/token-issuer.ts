import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";

type Key = { kid: string; privateKey: CryptoKey; publicKey: CryptoKey };

/** An OAuth 2.0 issuer on loopback: it publishes its keys and signs what a test wants. */
export async function startIssuer() {
  let published: JWK[] = [];
  let questions = 0;
  let isDown = false;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch() {
      questions += 1;
      return isDown ? new Response("down", { status: 500 }) : Response.json({ keys: published });
    },
  });
  const makeKey = async (kid: string, alg = "ES256"): Promise<Key> => ({
    kid,
    ...(await generateKeyPair(alg, { extractable: true })),
  });
  const publish = async (...keys: Key[]) => {
    published = await Promise.all(
      keys.map(async ({ kid, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, use: "sig" })),
    );
  };
  const key = await makeKey("first");
  await publish(key);
  const issuer = "https://issuer.example.com/";
  const claims = { sub: "service", tenant: "acme", scope: "jobs:read jobs:write" };

  return {
    settings: {
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: "flux",
      JWT_JWKS_URL: `${server.url.origin}/keys`,
      HOST: "127.0.0.1",
    },
    key,
    makeKey,
    publish,
    publicPem: () => exportSPKI(key.publicKey),
    questions: () => questions,
    fail: (now: boolean) => {
      isDown = now;
    },
    /** A good token but for what is said; `undefined` leaves a claim out. */
    sign(
      changed: Record<string, unknown> = {},
      { alg = "ES256", by = key.privateKey as CryptoKey | Uint8Array, kid = key.kid } = {},
    ) {
      const seconds = Math.floor(Date.now() / 1_000);
      const payload = { iss: issuer, aud: "flux", iat: seconds, exp: seconds + 300, ...claims, ...changed };
      return new SignJWT(payload).setProtectedHeader({ alg, kid, typ: "at+jwt" }).sign(by);
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
