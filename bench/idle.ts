import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { rpcClient } from "#shared/rpc/client.ts";
import { clip } from "#tests/support/clips.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { compiledFloor, listening, startListener } from "./compiled.ts";
import type { Figure } from "./figures.ts";
import { memoryOf, wakeUpsOf } from "./process.ts";
import { serveFile, startService } from "./service.ts";

const restMs = 5_000;
// By then Bun looks once in 30 s whether there is garbage, instead of once a second.
const settledMs = 45_000;
const minuteMs = 60_000;
const jobs = 20;

/**
 * The memory of a worker and a control plane that have nothing to do, asked once and after their first jobs, and how often
 * that worker runs. While a control plane is connected, Bun itself looks at its connections once a second.
 */
export async function idle(): Promise<Figure[]> {
  await using folder = await temporaryFolder();
  const path = await compiledFloor(folder.path);
  await using floor = await startListener(
    (port) => [path, String(port)],
    () => ({}),
  );
  await using service = await startService();
  const worker = rpcClient(WorkerService, `127.0.0.1:${service.port}`);
  await worker.calls.getStatus({});
  worker.close();
  await fetch(`${service.url}/healthz`);
  await listening(floor.port);
  await Bun.sleep(restMs);

  // As ps and top show it.
  const megabytes = (pid: number) => memoryOf(pid).now / 2 ** 20;
  const yardstick = { name: "bare Bun", value: megabytes(floor.pid) };
  const figure = (name: string, pid: number, most: number): Figure => ({
    ...{ name, value: megabytes(pid), unit: "MiB", yardstick, target: { most, of: "value" } },
  });
  const before = [
    figure("idle RSS of the worker", service.worker.pid, 60),
    figure("idle RSS of the control plane", service.controlplane.pid, 70),
  ];
  const resting = await wakeUps(service.worker.pid, floor.pid);
  await runJobs(service.url);
  await Bun.sleep(restMs);
  const after = (name: string, pid: number, of: Figure | undefined): Figure => ({
    ...{ name: `${name} after ${jobs} jobs`, value: megabytes(pid), unit: "MiB" },
    ...(of && { yardstick: { name: "before any", value: of.value } }),
  });
  return [
    ...before,
    resting,
    after("idle RSS of the worker", service.worker.pid, before[0]),
    after("idle RSS of the control plane", service.controlplane.pid, before[1]),
  ];
}

async function wakeUps(worker: number, bare: number): Promise<Figure> {
  await Bun.sleep(settledMs);
  const before = [wakeUpsOf(worker), wakeUpsOf(bare)] as const;
  await Bun.sleep(minuteMs);
  return {
    name: "wake-ups of an idle worker's main thread in a minute",
    ...{ value: wakeUpsOf(worker) - before[0], unit: "wake-ups", target: { most: 6, of: "value" } },
    yardstick: { name: "bare Bun", value: wakeUpsOf(bare) - before[1] },
  };
}

async function runJobs(url: string) {
  await using source = await serveFile(await clip({ seconds: 2.5, size: "320x180" }));
  const api = client(url);
  for (let job = 0; job < jobs; job += 1) {
    const { body } = await api.post({ input_url: source.url, preset: "240p_fast" });
    await api.until(body["job_id"], ({ status }) => status === "completed");
  }
}
