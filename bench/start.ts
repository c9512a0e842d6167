import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { rpcClient } from "#shared/rpc/client.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { compiledFloor, listening, startListener } from "./compiled.ts";
import { type Figure, median } from "./figures.ts";
import { binary, workerSettings } from "./service.ts";

const runs = 10;
const warmUp = 2;

/** From exec of each compiled part to its first answer. */
export async function start(): Promise<Figure[]> {
  const [worker, controlplane] = [await binary("worker"), await binary("controlplane")];
  await using folder = await temporaryFolder();
  const [port, http] = [await compiledFloor(folder.path), await compiledFloor(folder.path, "http")];
  const times: { worker: number; port: number; controlplane: number; http: number }[] = [];

  for (let run = 0; run < warmUp + runs; run += 1) {
    const time = {
      port: await untilListening(port),
      worker: await untilStatus(worker, folder.path),
      http: await untilAnswer(http),
      controlplane: await untilAnswer(controlplane),
    };
    if (run >= warmUp) times.push(time);
  }
  const medianOf = (part: keyof (typeof times)[number]) => median(times.map((time) => time[part]));
  return [
    {
      name: "compiled worker, exec to first GetStatus",
      value: medianOf("worker"),
      unit: "ms",
      yardstick: { name: "bare Bun to first accept", value: medianOf("port") },
      target: { most: 100, of: "value" },
    },
    {
      name: "compiled control plane, exec to first answer",
      value: medianOf("controlplane"),
      unit: "ms",
      yardstick: { name: "bare Bun.serve to first answer", value: medianOf("http") },
      target: { most: 150, of: "value" },
    },
  ];
}

async function untilStatus(worker: string, home: string) {
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

async function untilListening(program: string) {
  await using started = await startListener(
    (port) => [program, String(port)],
    () => ({}),
  );
  await listening(started.port);
  return performance.now() - started.began;
}

async function untilAnswer(program: string) {
  await using started = await startListener(
    (port) => [program, String(port)],
    (port) => ({ PORT: String(port), WORKER_NODES: "127.0.0.1:1" }),
  );
  await listening(started.port);
  await fetch(`http://127.0.0.1:${started.port}/healthz`).then((answer) => answer.text());
  return performance.now() - started.began;
}
