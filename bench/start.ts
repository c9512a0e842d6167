import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { rpcClient } from "#shared/rpc/client.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { compiledFloor, listening, startListener } from "./compiled.ts";
import { type Figure, median } from "./figures.ts";
import { binary, workerSettings } from "./service.ts";

const runs = 10;
const warmUp = 2;

/** From exec of the compiled worker to its first answer. */
export async function start(): Promise<Figure[]> {
  const worker = await binary("worker");
  await using folder = await temporaryFolder();
  const floor = await compiledFloor(folder.path);
  const times: { worker: number; floor: number }[] = [];

  for (let run = 0; run < warmUp + runs; run += 1) {
    const time = { floor: await floorMs(floor), worker: await workerMs(worker, folder.path) };
    if (run >= warmUp) times.push(time);
  }
  return [
    {
      name: "compiled worker, exec to first GetStatus",
      value: median(times.map((time) => time.worker)),
      unit: "ms",
      yardstick: { name: "bare Bun to first accept", value: median(times.map((time) => time.floor)) },
      target: { most: 100, of: "value" },
    },
  ];
}

async function workerMs(worker: string, home: string) {
  await using started = await startListener(
    () => [worker],
    (port) => workerSettings(home, port),
  );
  // A client that is refused waits before it tries again: it is made when the port is there.
  await listening(started.port);
  const client = rpcClient(WorkerService, `127.0.0.1:${started.port}`);
  await client.calls.getStatus({}, { timeoutMs: 5_000 });
  const ms = performance.now() - started.began;
  client.close();
  return ms;
}

async function floorMs(floor: string) {
  await using started = await startListener(
    (port) => [floor, String(port)],
    () => ({}),
  );
  await listening(started.port);
  return performance.now() - started.began;
}
