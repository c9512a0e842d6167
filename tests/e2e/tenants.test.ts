import { expect, test } from "bun:test";
import { join } from "node:path";
import { hashOf } from "#controlplane/auth/keys.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

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
