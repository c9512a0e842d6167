import { afterAll, beforeAll, expect, test } from "bun:test";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
const port = await freePort();
let store: S3Server;
let url: string;

beforeAll(async () => {
  store = stack.use(await startS3Server());
  const Body = Buffer.from(await Bun.file(await clip()).arrayBuffer());
  await store.raw.putObject({ Bucket: "media", Key: "in/a clip.mp4", Body });
  const home = stack.use(await temporaryFolder()).path;
  stack.use(await startWorker({ port, home, ...store.env, S3_INPUT_BUCKETS: "media" }));
  url = stack.use(await startControlplane([port], { ALLOWED_INPUT_SCHEMES: "https,http,s3" })).url;
});
afterAll(() => stack.disposeAsync());

const post = (input_url: string, more = {}) => client(url).post({ input_url, preset: "tiny", ...more });

test("encodes an object of a bucket that the worker allows", async () => {
  const { body } = await post("s3://media/in/a%20clip.mp4");
  const events = await client(url).events(body["job_id"]);
  expect(events.at(-1)).toMatchObject({ status: "completed" });
});

test("says why an object cannot be fetched", async () => {
  const { body } = await post("s3://media/none.mp4");
  const events = await client(url).events(body["job_id"]);
  expect(events.at(-1)).toMatchObject({
    status: "failed",
    error: { kind: "source_failed", message: "the source does not exist in its bucket" },
  });
});

test.each(["s3://secrets/a.mp4", "s3://media", "s3://media/a.mp4?versionId=1"])(
  "refuses %s when it is ordered",
  async (inputUrl) => {
    const { status, body } = await post(inputUrl);
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field: "input_url" }] } });
  },
);

test("posts events to the web only", async () => {
  const { status, body } = await post("s3://media/in/a%20clip.mp4", { callback_url: "s3://media/events" });
  expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field: "callback_url" }] } });
});
