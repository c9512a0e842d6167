import { expect, test } from "bun:test";
import { dirname, join } from "node:path";
import { hashOf } from "#controlplane/auth/keys.ts";
import { clip } from "#tests/support/clips.ts";
import { checkAnswer } from "#tests/support/openapi.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

test("two tenants that use the same path and the same idempotency key get each their own output and record", async () => {
  await using home = await temporaryFolder();
  const entry = (tenant: string) => ({ name: "ci", tenant, scopes: ["jobs:write"], hash: hashOf(`key-of-${tenant}`) });
  const API_KEYS_FILE = join(home.path, "keys.json");
  await Bun.write(API_KEYS_FILE, JSON.stringify([entry("acme"), entry("beta")]));
  await using sources = serveFiles({ "clip.mp4": await clip({ seconds: 1 }) });
  const port = await freePort();
  await using _worker = await startWorker({ port, home: home.path });
  await using service = await startControlplane([port], { API_KEYS_FILE, HOST: "127.0.0.1" });

  const order = { input_url: sources.url("clip.mp4"), preset: "tiny" };
  for (const tenant of ["acme", "beta"]) {
    const headers = { authorization: `Bearer key-of-${tenant}`, prefer: "wait=30" };
    for (const output of [{ path: "same.mp4", overwrite: true }, {}]) {
      const answer = await client(service.url).post(
        { ...order, output },
        { ...headers, "idempotency-key": `key-${output.path}` },
      );
      expect([answer.status, answer.headers.get("idempotency-replayed")]).toEqual([200, null]);
    }
    const locked = { ...order, preset: "hls_locked", output: { path: "locked/" } };
    expect(await client(service.url).post(locked, headers)).toMatchObject({ status: 200 });
  }
  const files = await filesIn(join(home.path, "out"));
  const folders = files.map((file) => file.replace(/[0-9a-f]{8}-[0-9a-f-]{36}/, "<job id>"));
  expect(folders.filter((file) => file.endsWith(".mp4"))).toEqual([
    "acme/outputs/<job id>.mp4",
    "acme/same.mp4",
    "beta/outputs/<job id>.mp4",
    "beta/same.mp4",
  ]);
  expect(folders.filter((file) => file.endsWith(".key"))).toEqual([
    "acme/locked/keys/<job id>-1.key",
    "beta/locked/keys/<job id>-1.key",
  ]);
  const records = files.filter((file) => /^\.flux\/jobs\/\d.*\.json$/.test(file));
  const tenants = await Promise.all(
    records.map(async (file) => (await Bun.file(join(home.path, "out", file)).json()).order.tenant),
  );
  expect(tenants.sort()).toEqual(["acme", "acme", "acme", "beta", "beta", "beta"]);
});

test("the log of a failed encode is its tenant's to read, without URLs and paths, with its worker and without", async () => {
  await using home = await temporaryFolder();
  const entry = (tenant: string) => ({
    name: "ci",
    tenant,
    scopes: ["jobs:write", "jobs:read"],
    hash: hashOf(`key-of-${tenant}`),
  });
  const API_KEYS_FILE = join(home.path, "keys.json");
  await Bun.write(API_KEYS_FILE, JSON.stringify([entry("acme"), entry("beta")]));
  const broken = { name: "broken", description: "Fails", extension: "mp4", ffmpeg_args: ["-vf", "no_such_filter"] };
  await Bun.write(join(home.path, "presets/broken.yaml"), JSON.stringify({ presets: [broken] }));
  await using sources = serveFiles({ "clip.mp4": await clip({ seconds: 1 }) });
  const port = await freePort();
  const settings = { API_KEYS_FILE, HOST: "127.0.0.1" };
  await using worker = await startWorker({ port, home: home.path, PRESETS_DIR: join(home.path, "presets") });
  await using service = await startControlplane([port], settings);
  const order = { input_url: `${sources.url("clip.mp4")}?token=secret-of-the-source`, preset: "broken" };
  const authorization = "Bearer key-of-acme";
  const answer = await client(service.url).post(order, { authorization, prefer: "wait=60" });
  expect(answer.body).toMatchObject({ kind: "encode_failed", detail: expect.stringContaining("no_such_filter") });
  const path = `/api/v1/jobs/${answer.body["job_id"]}/log`;

  /** What a control plane answers to a tenant's key. */
  const asked = async ({ url }: { url: string }, tenant = "acme") => {
    const given = await fetch(url + path, { headers: { authorization: `Bearer key-of-${tenant}` } });
    const text = await given.text();
    checkAnswer("GET", path, given, text);
    return { status: given.status, headers: given.headers, text };
  };
  const first = await asked(service);
  expect([first.status, first.headers.get("content-type"), first.headers.get("cache-control")]).toEqual([
    200,
    "text/plain; charset=utf-8",
    "no-store",
  ]);
  // What ffmpeg says of the source before it finds no such filter is in no message.
  expect(first.text).toMatch(/Input #0.* from '<file>'/);
  expect(first.text).toContain("No such filter: 'no_such_filter'");
  for (const hidden of [home.path, "secret-of-the-source", sources.url("")]) expect(first.text).not.toContain(hidden);
  const kept = (await filesIn(join(home.path, "out"))).find((file) => file.endsWith(".log")) ?? "";
  expect(await Bun.file(join(home.path, "out", kept)).text()).toContain(home.path);
  expect(await asked(service, "beta")).toMatchObject({ status: 404, text: expect.stringContaining("no such job") });

  // A worker that is killed before it has recorded the end would do so when it comes back.
  const recorded = join(home.path, "out", dirname(kept), `${answer.body["job_id"]}.json`);
  await eventually(async () => (await Bun.file(recorded).text()).includes('"failed"'), "the end is recorded");
  worker.kill("SIGKILL");
  await worker.exited;
  const records = { RECORD_STORAGE: "local", LOCAL_ROOT: join(home.path, "out") };
  await using alone = await startControlplane([port], { ...settings, ...records });
  expect(await asked(alone)).toMatchObject({ status: 200, text: first.text });
  expect(await asked(alone, "beta")).toMatchObject({ status: 404, text: expect.stringContaining("no such job") });
});
