import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { startCommand } from "#tests/support/processes.ts";
import { client } from "#tests/support/service.ts";
import { type Figure, median, spreadOf } from "./figures.ts";
import { cpuMsOf } from "./process.ts";
import { serveFile, startControlplane, startService } from "./service.ts";

const requests = 2_000;
const atOnce = 20;
const rounds = 10;
const warmUp = 3;

/** The processor time that asking for a job's state takes, while it runs and when it has ended. */
export async function get(): Promise<Figure[]> {
  await using bare = await startCommand([process.execPath, join(import.meta.dir, "floor/sse.ts")], {}, "listening");
  const floor = { pid: bare.pid, ask: () => fetch(String(bare.ready["url"]), { method: "POST" }) };
  return [await whileItRuns(floor), await whenItHasEnded(floor)];
}

type Asked = { pid: number; ask: () => Promise<Response> };

async function whileItRuns(floor: Asked): Promise<Figure> {
  await using worker = await startFakeWorker();
  await using controlplane = await startControlplane([worker.address]);
  const { body } = await client(controlplane.url).post({ input_url: "http://127.0.0.1/source.mp4", preset: "tiny" });
  const job = `${controlplane.url}/api/v1/jobs/${body["job_id"]}`;
  return await figure("of a running job", { pid: controlplane.pid, ask: () => fetch(job) }, floor);
}

async function whenItHasEnded(floor: Asked): Promise<Figure> {
  await using source = await serveFile(await clip({ seconds: 1, size: "128x72" }));
  await using service = await startService();
  const api = client(service.url);
  const { body } = await api.post({ input_url: source.url, preset: "240p_fast" });
  await api.until(body["job_id"], ({ status }) => status === "completed");
  const job = `${service.url}/api/v1/jobs/${body["job_id"]}`;
  return await figure("of an ended job", { pid: service.controlplane.pid, ask: () => fetch(job) }, floor);
}

async function figure(name: string, job: Asked, floor: Asked): Promise<Figure> {
  const times: { ours: number; bare: number }[] = [];
  for (let round = 0; round < warmUp + rounds; round += 1) {
    const time = { ours: await cpuMs(job), bare: await cpuMs(floor) };
    if (round >= warmUp) times.push(time);
  }
  return {
    name: `processor time of ${requests} GET /api/v1/jobs/:id ${name}`,
    ...{ value: median(times.map(({ ours }) => ours)), unit: "ms" },
    spread: spreadOf(times.map(({ ours }) => ours)),
    yardstick: { name: "bare Bun.serve", value: median(times.map(({ bare }) => bare)) },
    // All of them in a second, on one core.
    target: { most: 1_000, of: "value" },
  };
}

async function cpuMs({ pid, ask }: Asked) {
  const before = cpuMsOf(pid);
  const askInTurn = async () => {
    for (let asked = 0; asked < requests / atOnce; asked += 1) {
      const answer = await ask();
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      await answer.text();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askInTurn));
  return cpuMsOf(pid) - before;
}
