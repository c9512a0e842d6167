import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { EventJson } from "#shared/job/event.ts";
import { startBreakingProxy } from "#tests/support/breaking-proxy.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { s3Reader } from "#tests/support/reader.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { readCertificate, signingKeyIn } from "#tests/support/signing-key.ts";

const stack = new AsyncDisposableStack();
let home: string;
let s3: S3Server;
let signingKey: string;
let source: string;
let sources: ReturnType<typeof serveFiles>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  s3 = stack.use(await startS3Server());
  signingKey = (await signingKeyIn(home)).privateFile;
  source = await clip({ seconds: 4 });
  sources = stack.use(serveFiles({ "clip.mp4": source }));
});
afterAll(() => stack.disposeAsync());

/** Failed requests are retried for half a minute. */
const timeoutMs = 120_000;

/** A job whose store can be broken, of which the first segments have arrived. */
async function underWay(path: string) {
  const store = stack.use(await startBreakingProxy(s3.env.S3_ENDPOINT));
  const port = await freePort();
  const settings = { ...s3.env, S3_ENDPOINT: store.url, RECORD_STORAGE: "local", STORAGE_TIMEOUT: "500ms" };
  stack.use(await startWorker({ port, home, ...settings, SIGNING_KEY: signingKey }));
  const { url } = stack.use(await startControlplane([port]));
  const api = client(url);
  const { job_id } = (
    await api.post({
      input_url: sources.url("clip.mp4"),
      preset: "hls_slow",
      output: { storage: "s3", path, certificate: true },
    })
  ).body;
  await api.until(job_id, ({ files_uploaded = 0 }) => files_uploaded > 0);
  return { api, url, store, jobId: job_id };
}

test.concurrent.each([
  ["answers 503", "unavailable", 20_000],
  ["does not answer", "hang", 5_000],
  ["cuts connections", "cut", 5_000],
  ["cuts connections in the middle of a segment", "halved", 5_000],
] as const)(
  "a store that %s for a while gets the whole output when it is back",
  async (_, how, outageMs) => {
    const path = `films/${how}/`;
    const { api, store, jobId } = await underWay(path);
    store.break(how, /./, Number.POSITIVE_INFINITY);
    const asked = store.requests.length;
    await sleep(outageMs);
    expect(store.requests.length).toBeGreaterThan(asked);
    store.mend();

    expect((await api.events(jobId)).at(-1)).toMatchObject({ status: "completed", attempt: 1 });
    const { missing, keys } = await s3Reader(s3).all(path);
    expect(missing).toEqual([]);
    expect(keys).toHaveLength(6);
  },
  timeoutMs,
);

test.concurrent.each([
  ["refuses the credentials", "forbidden", "the storage refused the credentials"],
  ["never answers again", "hang", "the storage did not answer in time"],
] as const)(
  "of a store that %s the job says so, and a retry delivers its output without encoding again",
  async (_, how, reason) => {
    const path = `films/${how}-for-ever/`;
    const { api, url, store, jobId } = await underWay(path);
    store.break(how, /^PUT .*playlist/, Number.POSITIVE_INFINITY);
    const message = `${reason}; the encoded output is kept: retry the job when the storage is in order`;
    const error = { kind: "delivery_failed", message };
    expect((await api.events(jobId)).at(-1)).toMatchObject({ status: "failed", error });
    const kept = await api.ask("/jobs?kept=true");
    expect(kept.body["jobs"]).toEqual([expect.objectContaining({ job_id: jobId, status: "failed" })]);
    store.mend();

    const asked = sources.asked.length;
    const retried = await api.ask(`/jobs/${jobId}/retry`, { method: "POST", headers: { prefer: "wait" } });
    expect(retried).toMatchObject({ status: 200, body: { status: "completed", source: { container: "mp4" } } });
    const { outputs } = retried.body as { outputs: EventJson["outputs"] };
    expect(outputs).toMatchObject({ files: 5, renditions: [{ path: "playlist.m3u8", kind: "video" }] });
    expect(sources.asked.length).toBe(asked);
    const { missing, keys } = await s3Reader(s3).all(path);
    expect(missing).toEqual([]);
    expect(keys).toHaveLength(6);
    expect(keys).toContain(`${path}${retried.body["job_id"]}.intoto.jsonl`);
    expect((await api.ask("/jobs?kept=true")).body["jobs"]).toEqual([]);

    const { certificate_url } = retried.body;
    const { statement } = readCertificate(await (await fetch(`${url}${certificate_url}`)).text());
    const { buildDefinition, runDetails } = statement.predicate;
    expect(runDetails.metadata.invocationId).toBe(retried.body["job_id"]);
    expect(statement.subject).toHaveLength(5);
    const sha256 = createHash("sha256").update(await Bun.file(source).bytes());
    expect(buildDefinition.resolvedDependencies[0].digest.sha256).toBe(sha256.digest("hex"));
  },
  timeoutMs,
);
