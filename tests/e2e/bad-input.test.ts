import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { freePort, jobsFolder, leftIn, startControlplane, startWorker } from "#tests/support/processes.ts";
import { type Answer, client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
const key = "a key of sixteen characters and more".replaceAll(" ", "-");
const port = await freePort();
let home: string;
let url: string;
let sources: ReturnType<typeof serveFiles>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  const files = {
    "text.mp4": join(home, "text.mp4"),
    "empty.mp4": join(home, "empty.mp4"),
    "playlist.mp4": join(home, "playlist.mp4"),
    "cut.mp4": await clip({ seconds: 6, cut: 0.4 }),
    "good.mp4": await clip(),
  };
  await Bun.write(files["text.mp4"], "this is not a video\n".repeat(100));
  await Bun.write(files["empty.mp4"], "");
  await Bun.write(files["playlist.mp4"], `#EXTM3U\n#EXTINF:1,\n${files["good.mp4"]}\n#EXT-X-ENDLIST\n`);
  sources = stack.use(serveFiles(files));
  stack.use(await startWorker({ port, home }));
  url = stack.use(await startControlplane([port], { API_KEY: key, HOST: "127.0.0.1" })).url;
});
afterAll(() => stack.disposeAsync());

const authorization = `Bearer ${key}`;
const post = (order: unknown, headers: Record<string, string> = { authorization }) => client(url).post(order, headers);
const good = () => ({ input_url: sources.url("good.mp4"), preset: "tiny" });
const fieldsOf = ({ body }: Answer) => (body["errors"] as { field: string }[] | undefined)?.map(({ field }) => field);

const bodies: [string, () => unknown, number, string[] | undefined][] = [
  ["no body", () => "", 400, ["body"]],
  ["broken JSON", () => '{"input_url": ', 400, ["body"]],
  ["3 MB of JSON", () => ({ ...good(), padding: "x".repeat(3_000_000) }), 413, undefined],
  ["an unknown field", () => ({ ...good(), colour: "red" }), 400, ["colour"]],
  ["an unknown field of the output", () => ({ ...good(), output: { colour: "red" } }), 400, ["output.colour"]],
  ["a missing field", () => ({ preset: "tiny" }), 400, ["input_url"]],
  ["an unknown preset", () => ({ ...good(), preset: "no_such" }), 404, ["preset"]],
  ["another type than the preset's", () => ({ ...good(), output: { type: "hls" } }), 400, ["output.type"]],
  ["a path that climbs out", () => ({ ...good(), output: { path: "../x.mp4" } }), 400, ["output.path"]],
  ["an absolute path", () => ({ ...good(), output: { path: "/etc/x.mp4" } }), 400, ["output.path"]],
  ["a path under the records", () => ({ ...good(), output: { path: ".flux/jobs/x.mp4" } }), 400, ["output.path"]],
  ["a folder for a single file", () => ({ ...good(), output: { path: "a/" } }), 400, ["output.path"]],
  ["an unknown storage", () => ({ ...good(), output: { storage: "tape" } }), 400, ["output.storage"]],
  ["a storage that is not configured", () => ({ ...good(), output: { storage: "s3" } }), 400, ["output.storage"]],
];

test.each(bodies)("refuses %s with a problem document that says which field", async (_, order, status, fields) => {
  const answer = await post(order());
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toStartWith("application/problem+json");
  expect(answer.body).toMatchObject({
    status,
    title: expect.any(String),
    detail: expect.any(String),
    instance: "/api/v1/jobs",
  });
  expect(fieldsOf(answer)).toEqual(fields);
});

test.each([
  "file:///etc/passwd",
  "ftp://example.com/a.mp4",
  "data:video/mp4;base64,AAAA",
  "not a URL",
  "http://169.254.169.254/latest/meta-data/",
  "http://metadata.google.internal/",
  "http://10.0.0.1/",
  "http://0x0a000001/",
  "http://[::ffff:10.0.0.1]/",
  "http://[fd00::1]/",
])("refuses the input %s", async (input_url) => {
  const answer = await post({ ...good(), input_url });
  expect(answer).toMatchObject({ status: 400, body: { kind: "invalid" } });
  expect(fieldsOf(answer)).toEqual(["input_url"]);
});

test.each(["http://localhost/a.mp4", "http://127.0.0.1/a.mp4", "http://[::ffff:127.0.0.1]/", "http://2130706433/"])(
  "refuses the input %s unless private addresses are allowed",
  async (input_url) => {
    await using strict = await startControlplane([port], { ALLOWED_PRIVATE_CIDRS: "" });
    const answer = await client(strict.url).post({ ...good(), input_url });
    expect(answer).toMatchObject({ status: 400, body: { kind: "invalid" } });
    expect(fieldsOf(answer)).toEqual(["input_url"]);
  },
);

test("refuses a wrong key, and one that is missing", async () => {
  expect(await post(good(), {})).toMatchObject({ status: 401, body: { kind: "unauthenticated" } });
  expect(await post(good(), { authorization: "Bearer wrong" })).toMatchObject({ status: 401 });
});

test.each([
  ["missing.mp4", "404"],
  ["text.mp4", "not a media file"],
  ["empty.mp4", "empty"],
  ["playlist.mp4", "not a media file"],
  ["cut.mp4", "the source is cut off: it ends after"],
])("a job whose source is %s fails and says why, and leaves nothing", async (name, why) => {
  const { body } = await post({ input_url: sources.url(name), preset: "tiny" }, { authorization, prefer: "wait" });
  expect(body).toMatchObject({ detail: expect.stringContaining(why), job_id: expect.any(String) });
  expect(["source_failed", "encode_failed"]).toContain(String(body["kind"]));
  expect(JSON.stringify(body)).not.toContain(home);
  const left = await filesIn(join(home, "out"));
  expect(left.filter((file) => !file.startsWith(".flux/"))).toEqual([]);
  await eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "the work directory is empty");
});
