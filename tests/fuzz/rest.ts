import { connect } from "node:net";
import { slowness } from "#tests/support/slowness.ts";
import { orderOf } from "./order.ts";
import { makeRandom, type Random } from "./random.ts";
import { apiKey, type Rig, runCases } from "./rig.ts";

type Case = { method: string; path: string; headers: Headers; body: string | Uint8Array<ArrayBuffer> | null };

const knownIds: string[] = [];

/** Asks every route with everything but what it expects; tells what should not have happened. */
export const fuzzRest = (rig: Rig, seed: number, cases: number) =>
  runCases(cases, (n) => {
    const random = makeRandom(seed + n);
    return random.chance(0.1) ? speakRaw(rig, rawRequest(random)) : ask(rig, made(random));
  });

function made(random: Random): Case {
  const [method, path] = random.chance(0.7) ? served(random) : anywhere(random);
  const hasBody = method !== "GET" && method !== "HEAD" && random.chance(0.95);
  const query = random.chance(0.2) ? queryOf(random) : "";
  return { method, path: path + query, headers: headersOf(random), body: hasBody ? bodyOf(random, path) : null };
}

const idOf = (random: Random) =>
  random.chance(0.7) ? (knownIds.at(-1 - random.below(50)) ?? "none") : encoded(random.text());

const served = (random: Random): [string, string] => {
  const id = idOf(random);
  return random.pick([
    ["POST", "/api/v1/jobs"],
    ["POST", "/api/v1/jobs"],
    ["POST", "/api/v1/jobs"],
    ["GET", "/api/v1/jobs"],
    ["GET", `/api/v1/jobs/${id}`],
    ["GET", `/api/v1/jobs/${id}/stream`],
    ["GET", `/api/v1/jobs/${id}/${random.pick(["certificate", "log"])}`],
    ["DELETE", `/api/v1/jobs/${id}`],
    ["POST", `/api/v1/jobs/${id}/retry`],
    ["POST", "/api/v1/plan"],
    ["GET", "/api/v1/workers/status"],
    ["GET", "/api/v1/presets"],
    ["GET", random.pick(["/healthz", "/readyz", "/", "/openapi.json", "/docs", "/metrics"])],
  ]);
};

function anywhere(random: Random): [string, string] {
  const method = random.pick(["GET", "POST", "DELETE", "HEAD", "PUT", "PATCH", "OPTIONS", "PURGE"]);
  const rest = random.pick([
    `jobs/${idOf(random)}/${encoded(random.text())}`,
    encoded(random.text()),
    "jobs",
    "presets",
  ]);
  return [method, `/api/v1/${rest}`];
}

function queryOf(random: Random): string {
  const names = ["limit", "status", "cursor", "wake", random.text()];
  return `?${encoded(random.pick(names))}=${encoded(String(random.json(0)))}`;
}

const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

function headersOf(random: Random): Headers {
  const headers = new Headers();
  const set = (name: string, value: string) => {
    // What fetch itself refuses to send is left to the raw requests.
    try {
      headers.set(name, value);
    } catch {}
  };
  set("Authorization", random.chance(0.97) ? `Bearer ${apiKey}` : random.text());
  set("Content-Type", random.chance(0.9) ? "application/json" : random.text());
  const others = [
    "Prefer",
    "Last-Event-ID",
    "Idempotency-Key",
    "X-Request-Id",
    "X-Forwarded-For",
    "Accept",
    "Range",
    "If-None-Match",
    "Content-Encoding",
    "Traceparent",
  ] as const;
  for (let n = random.below(3); n > 0; n -= 1)
    set(random.pick(others), random.chance(0.5) ? random.text() : String(random.number()));
  if (random.chance(0.2))
    set("Prefer", random.pick(["wait=1", "wait", "wait=", 'wait="2"', "wait=-1", "wait=1e9", "respond-async, wait=0"]));
  return headers;
}

function bodyOf(random: Random, path: string): string | Uint8Array<ArrayBuffer> {
  const kind = random.below(10);
  if (kind === 0) return random.bytes(200);
  if (kind === 1) return "[".repeat(random.below(200_000));
  if (kind === 2) return JSON.stringify(random.json(5));
  const { input_url, preset, ...rest } = orderOf(random);
  const { params, width, thumbnails, clip, overlay, audio } = rest;
  const isPlan = path.endsWith("/plan") && random.chance(0.8);
  const text = JSON.stringify({
    input_url,
    ...((!isPlan || random.chance(0.8)) && { preset }),
    ...(isPlan ? { ...(random.chance(0.5) && { params, width, thumbnails, clip, overlay, audio }) } : rest),
  });
  return kind === 3 ? random.mutated(new TextEncoder().encode(text)) : text;
}

async function ask({ url }: Rig, { method, path, headers, body }: Case): Promise<string | undefined> {
  const what = `${method} ${path.slice(0, 200)} ${JSON.stringify([...headers])} ${String(body).slice(0, 500)}`;
  try {
    const signal = AbortSignal.timeout(10_000 * slowness());
    const answer = await fetch(url + path, { method, headers, body, signal, redirect: "manual" });
    const text = await answer.text();
    const location = answer.headers.get("Location");
    if (location) knownIds.push(location.slice(location.lastIndexOf("/") + 1));
    return complaintAbout(answer, text, method, what);
  } catch (error) {
    return `${error}: ${what}`;
  }
}

function complaintAbout({ status, headers }: Response, text: string, method: string, what: string) {
  if (status < 400 || method === "HEAD") return status === 500 ? `500: ${what}` : undefined;
  const isProblem = headers.get("Content-Type") === "application/problem+json";
  if (!isProblem) return `${status} without a problem document: ${what}`;
  const { kind } = JSON.parse(text);
  return kind === "internal" || kind === undefined ? `${status} ${text}: ${what}` : undefined;
}

/** What no HTTP client would send. */
function rawRequest(random: Random): Uint8Array {
  if (random.chance(0.3)) return random.bytes(2_000);
  const line = random.pick([
    "GET /healthz HTTP/1.1",
    "POST /api/v1/jobs HTTP/1.1",
    "GET /healthz HTTP/9.9",
    "GET http://x/ HTTP/1.1",
    `GET /${"a".repeat(20_000)} HTTP/1.1`,
  ]);
  const fields = [
    "Host: localhost",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 99999999999999",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: chunked, identity",
    " Folded: x",
    "No colon",
    "Host: a, b",
    `X-Long: ${"b".repeat(20_000)}`,
    "Upgrade: h2c",
    "Expect: 100-continue",
  ] as const;
  const chosen = Array.from({ length: 1 + random.below(5) }, () => random.pick(fields));
  const end = random.pick(["\r\n", "\n", "\r"]);
  return random.mutated(new TextEncoder().encode([line, ...chosen, "", "5", "hello", "0", "", ""].join(end)));
}

/** Says it and hangs up soon: what matters is that the service lives on. */
function speakRaw({ url }: Rig, bytes: Uint8Array): Promise<undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(200, () => socket.destroy());
    socket.on("data", () => socket.destroy());
    socket.on("error", () => {});
    socket.on("close", () => resolve(undefined));
  });
}
