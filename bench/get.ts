import { join } from "node:path";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { startCommand } from "#tests/support/processes.ts";
import { client } from "#tests/support/service.ts";
import { type Figure, median } from "./figures.ts";
import { cpuMsOf } from "./process.ts";
import { startControlplane } from "./service.ts";

const requests = 2_000;
const atOnce = 20;
const rounds = 8;
const warmUp = 3;

/** The processor time that asking for a job's state takes. */
export async function get(): Promise<Figure[]> {
  await using worker = await startFakeWorker();
  await using controlplane = await startControlplane([worker.address]);
  await using bare = await startCommand([process.execPath, join(import.meta.dir, "floor/sse.ts")], {}, "listening");
  const { body } = await client(controlplane.url).post({ input_url: "http://127.0.0.1/source.mp4", preset: "tiny" });
  const job = `${controlplane.url}/api/v1/jobs/${body["job_id"]}`;
  const times: { ours: number; bare: number }[] = [];

  for (let round = 0; round < warmUp + rounds; round += 1) {
    const time = {
      ours: await cpuMs(controlplane.pid, () => fetch(job)),
      bare: await cpuMs(bare.pid, () => fetch(String(bare.ready["url"]), { method: "POST" })),
    };
    if (round >= warmUp) times.push(time);
  }
  return [
    {
      name: `processor time of ${requests} GET /api/v1/jobs/:id`,
      value: median(times.map(({ ours }) => ours)),
      unit: "ms",
      yardstick: { name: "bare Bun.serve", value: median(times.map(({ bare }) => bare)) },
      // All of them in a second, on one core.
      target: { most: 1_000, of: "value" },
    },
  ];
}

async function cpuMs(pid: number, ask: () => Promise<Response>) {
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
