import { afterAll, beforeAll, expect, test } from "bun:test";
import { startBreakingProxy } from "#tests/support/breaking-proxy.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { s3Reader } from "#tests/support/reader.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let s3: S3Server;
let store: Awaited<ReturnType<typeof startBreakingProxy>>;
let sources: ReturnType<typeof serveFiles>;
let api: ReturnType<typeof client>;

beforeAll(async () => {
  const home = stack.use(await temporaryFolder()).path;
  s3 = stack.use(await startS3Server());
  store = stack.use(await startBreakingProxy(s3.env.S3_ENDPOINT));
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
  const port = await freePort();
  const settings = { ...s3.env, S3_ENDPOINT: store.url, RECORD_STORAGE: "local" };
  stack.use(await startWorker({ port, home, ...settings, MAX_CONCURRENT_JOBS: "12", JOB_MEMORY: "1MiB" }));
  api = client(stack.use(await startControlplane([port])).url);
});
afterAll(() => stack.disposeAsync());

const kept = "; the encoded output is kept: retry the job when the storage is in order";
const messages = {
  swallowed: /^the storage confirmed .* and has nothing there/,
  shortened: /^the storage confirmed .* and has \d+ of its \d+ bytes/,
  damaged: /^the storage holds something else than what was sent/,
  unconfirmed: /^the storage did not confirm the upload/,
  portal: /^a web page answers in the storage's place/,
} as const;
const cases = (Object.keys(messages) as (keyof typeof messages)[]).flatMap((how) => [
  { how, preset: "tiny", path: `${how}.mp4`, entry: `${how}.mp4` },
  { how, preset: "hls_tiny", path: `${how}/`, entry: `${how}/master.m3u8` },
]);

test.concurrent.each(cases)(
  "of a store by which $entry is $how no job says that it is there, and a retry delivers it",
  async ({ how, preset, path, entry }) => {
    const mend = store.break(how, new RegExp(`^PUT /media/${entry}`), Number.POSITIVE_INFINITY);
    const output = { storage: "s3", path };
    const { job_id } = (await api.post({ input_url: sources.url("clip.mp4"), preset, output })).body;
    const last = (await api.events(job_id)).at(-1);
    expect(last).toMatchObject({ status: "failed", error: { kind: "delivery_failed" } });
    expect(last?.error?.message).toMatch(messages[how]);
    expect(last?.error?.message).toEndWith(kept);
    expect((await s3.keys()).filter((key) => key === entry)).toEqual([]);

    mend();
    const retried = await api.ask(`/jobs/${job_id}/retry`, { method: "POST", headers: { prefer: "wait" } });
    expect(retried).toMatchObject({ status: 200, body: { status: "completed" } });
    const { missing } = await s3Reader(s3).all(path);
    expect(missing).toEqual([]);
    expect(await s3.keys()).toContain(entry);
  },
);

test("a former output that a store does not replace stays, and no job says that it was replaced", async () => {
  const Key = "former.mp4";
  await s3.raw.putObject({ Bucket: s3.options.bucket, Key, Body: "a former film" });
  const mend = store.break("swallowed", new RegExp(`^PUT /media/${Key}`), Number.POSITIVE_INFINITY);
  const output = { storage: "s3", path: Key };
  const { job_id } = (await api.post({ input_url: sources.url("clip.mp4"), preset: "tiny", output })).body;
  const last = (await api.events(job_id)).at(-1);
  expect(last?.error?.message).toStartWith("the storage confirmed former.mp4 and still has what was there before");
  expect(String(await s3.bytes(Key))).toBe("a former film");
  mend();
});
