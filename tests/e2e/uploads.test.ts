import { expect, test } from "bun:test";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf } from "#controlplane/auth/keys.ts";
import { uploadFile } from "#dashboard/upload-file.ts";
import { fluxIn } from "#tests/support/flux.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, ffprobe, filesIn, temporaryFolder } from "#tests/support/service.ts";
import { startTcpProxy } from "#tests/support/tcp-proxy.ts";
import { cutUpload, largeFilm } from "#tests/support/uploads.ts";

const uploadsBelow = ".flux/uploads";

test("a file is uploaded over a line that is cut twice, encoded for its tenant alone, and leaves nothing", async () => {
  await using home = await temporaryFolder();
  const entry = (tenant: string) => ({
    ...{ name: "ci", tenant, scopes: ["jobs:write", "jobs:read"], hash: hashOf(`key-of-${tenant}`) },
  });
  const API_KEYS_FILE = join(home.path, "keys.json");
  await Bun.write(API_KEYS_FILE, JSON.stringify([entry("acme"), entry("beta")]));
  const port = await freePort();
  await using _worker = await startWorker({ port, home: home.path, UPLOAD_STORAGE: "local" });
  await using service = await startControlplane([port], {
    ...{ API_KEYS_FILE, HOST: "127.0.0.1", LOCAL_ROOT: join(home.path, "out"), RECORD_STORAGE: "local" },
    ...{ UPLOAD_STORAGE: "local", UPLOAD_SINGLE_CONTROL_PLANE: "true" },
  });
  const api = client(service.url);
  const as = (tenant: string, more = {}) => ({ authorization: `Bearer key-of-${tenant}`, ...more });
  await using proxy = await startTcpProxy(Number(new URL(service.url).port));

  const film = join(home.path, "film.mp4");
  const bytes = 12 * 2 ** 20;
  await largeFilm(film, 1, bytes);
  const uploading = uploadFile(createReadStream(film), {
    ...{ server: `http://127.0.0.1:${proxy.port}`, apiKey: "key-of-acme", name: "film.mp4", onProgress() {} },
  });
  await cutUpload(proxy, join(home.path, "out", uploadsBelow), [1 / 4, 1 / 2], bytes);
  const { inputUrl, remove } = await uploading;
  expect(inputUrl).toMatch(/^upload:[0-9a-f]{32}$/);

  const order = { input_url: inputUrl, preset: "tiny" };
  const theirs = await api.post(order, as("beta"));
  const nowhere = { ...order, input_url: `upload:${"0".repeat(32)}` };
  const madeUp = await api.post(nowhere, as("acme"));
  expect([theirs.status, theirs.body["errors"]]).toEqual([madeUp.status, madeUp.body["errors"]]);
  expect(theirs.body).toMatchObject({ status: 400, errors: [{ field: "input_url" }] });
  const among = await api.post({ ...order, output: { path: ".flux/uploads/x.mp4" } }, as("acme"));
  expect(among.body).toMatchObject({ status: 400, errors: [{ field: "output.path" }] });
  const flux = fluxIn(home.path);

  const done = await api.post(order, as("acme", { prefer: "wait=60" }));
  expect(done.body).toMatchObject({ status: "completed" });
  expect((await ffprobe(fileURLToPath(String(done.body["output_url"])))).video).toMatchObject({ codec_name: "h264" });
  const job = await api.ask(`/jobs/${done.body["job_id"]}`, { headers: as("acme") });
  expect(Object(job.body["order"])).toMatchObject({ input_url: inputUrl });
  // A dry run reads it too, and a retry has it as long as it is there.
  const json = as("acme", { "content-type": "application/json" });
  const plan = (asked: object) => api.ask("/plan", { method: "POST", headers: json, body: JSON.stringify(asked) });
  expect((await plan(order)).status).toBe(200);
  const refusedPlan = await plan(nowhere);
  expect([refusedPlan.status, refusedPlan.body["errors"]]).toEqual([madeUp.status, madeUp.body["errors"]]);
  const again = { method: "POST", headers: as("acme", { prefer: "wait=60" }) };
  expect((await api.ask(`/jobs/${done.body["job_id"]}/retry`, again)).status).toBe(200);

  const left = async () => (await filesIn(join(home.path, "out"))).filter((file) => file.startsWith(uploadsBelow));
  expect((await left()).filter((file) => file.includes(".pins/"))).toHaveLength(2);
  await eventually(
    async () =>
      remove().then(
        () => true,
        () => false,
      ),
    "both jobs have ended, and the upload goes",
  );
  expect(await left()).toEqual([]);
  const gone = await api.ask(`/jobs/${done.body["job_id"]}/retry`, { ...again, headers: as("acme") });
  expect(gone.body).toMatchObject({ status: 400, errors: [{ field: "input_url" }] });

  // The command does all of it.
  const server = ["--server", service.url, "--api-key", "key-of-acme"];
  const command = await flux([...server, "encode", film, "--preset", "tiny"]).ended;
  expect([command.code, command.out]).toEqual([0, expect.stringContaining("film_tiny.mp4")]);
  const refused = await flux([...server, "encode", film, "--preset", "tiny", "--path", "a/"]).ended;
  expect(refused.code).toBe(2);
  // What was uploaded for an order that was refused is gone.
  expect((await left()).filter((file) => file.endsWith(".info"))).toHaveLength(1);
});
