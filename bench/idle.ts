import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { rpcClient } from "#shared/rpc/client.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { compiledFloor, listening, startListener } from "./compiled.ts";
import type { Figure } from "./figures.ts";
import { memoryOf } from "./process.ts";
import { startService } from "./service.ts";

const restMs = 5_000;

/** The memory of a worker and a control plane that were asked once and have nothing to do. */
export async function idle(): Promise<Figure[]> {
  await using folder = await temporaryFolder();
  const path = await compiledFloor(folder.path);
  await using floor = await startListener(
    (port) => [path, String(port)],
    () => ({}),
  );
  await using service = await startService();
  const client = rpcClient(WorkerService, `127.0.0.1:${service.port}`);
  await client.calls.getStatus({});
  client.close();
  await fetch(`${service.url}/healthz`);
  await listening(floor.port);
  await Bun.sleep(restMs);

  // As ps and top show it.
  const megabytes = (pid: number) => memoryOf(pid).now / 2 ** 20;
  const yardstick = { name: "bare Bun", value: megabytes(floor.pid) };
  const figure = (name: string, pid: number, most: number): Figure => ({
    ...{ name, value: megabytes(pid), unit: "MiB", yardstick, target: { most, of: "value" } },
  });
  return [
    figure("idle RSS of the worker", service.worker.pid, 60),
    figure("idle RSS of the control plane", service.controlplane.pid, 70),
  ];
}
