import { expect, test } from "bun:test";
import { join } from "node:path";
import { anOrder, jsonOf } from "#tests/support/control-plane.ts";
import { freePort, startFakeWorker } from "#tests/support/fake-worker.ts";

const main = join(import.meta.dir, "../../../controlplane/main.ts");

const { PATH = "" } = process.env;

const spawn = (args: string[], env: Record<string, string>) =>
  Bun.spawn(["bun", main, ...args], {
    env: { PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });

type Lines = AsyncGenerator<Record<string, unknown>, void>;

async function* logLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Lines {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

const lineThat = async (lines: Lines, fits: (line: Record<string, unknown>) => boolean) => {
  for (let next = await lines.next(); !next.done; next = await lines.next()) if (fits(next.value)) return next.value;
  throw new Error("the log ended before the line");
};

test("all wrong settings are said at once, by name, with exit 78", async () => {
  const process = spawn([], { PORT: "x", API_KEY: "short", WORKER_NODES: "10.0.0.1:1" });
  expect(await process.exited).toBe(78);
  const said = await process.stderr.text();
  for (const name of ["PORT", "API_KEY", "WORKER_NODES"]) expect(said).toContain(`${name}: `);
});

test("SIGTERM ends streams cleanly and exits 0; every line about a job has its id, none a secret", async () => {
  await using worker = await startFakeWorker();
  const port = String(await freePort());
  const env = { PORT: port, WORKER_NODES: worker.address, ALLOWED_PRIVATE_CIDRS: "127.0.0.0/8" };
  const service = spawn([], env);
  const lines = logLines(service.stdout);
  await lineThat(lines, ({ msg }) => msg === "listening");
  const url = `http://127.0.0.1:${port}`;
  expect(await spawn(["healthcheck"], { PORT: port }).exited).toBe(0);

  const posted = await fetch(`${url}/api/v1/jobs`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...anOrder, input_url: "http://user:secret@127.0.0.1:9/a.mp4?token=secret" }),
  });
  const { job_id, stream_url } = await jsonOf(posted);
  const accepted = await lineThat(lines, ({ msg }) => msg === "job accepted");
  expect(accepted).toMatchObject({ job_id, input_url: "http://127.0.0.1:9/a.mp4", level: "info" });
  const request = await lineThat(lines, ({ msg }) => msg === "request");
  expect(request).toMatchObject({ job_id, method: "POST", status: 202 });
  expect(JSON.stringify([accepted, request])).not.toContain("secret");

  // Who looks again and again fills no log, unless something is wrong.
  for (const path of [`jobs/${job_id}`, "jobs", "workers/status?wake=false", "jobs/unknown"])
    await fetch(`${url}/api/v1/${path}`);
  expect(await lineThat(lines, ({ msg }) => msg === "request")).toMatchObject({ job_id: "unknown", status: 404 });

  const stream = await fetch(url + stream_url);
  service.kill("SIGTERM");
  expect(await stream.text()).toContain('"status":"queued"');
  expect(await service.exited).toBe(0);
  expect(await spawn(["healthcheck"], { PORT: port }).exited).toBe(1);
});
