import { join } from "node:path";
import { anOrder, jsonOf, sseEvents } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { startCommand, startProcess } from "#tests/support/processes.ts";
import { type Benchmark, median, percentile } from "./figures.ts";

const key = "the-key-of-the-benchmark";
const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
const requestsPerSecond = 2_000;
const rounds = 5;
const events = 400;
const everyMs = 5;

/** How much 2,000 requests a second without a good key slow the events of a client that has one. */
export const unauthenticated: Benchmark = async () => {
  await using worker = await startFakeWorker();
  const settings = {
    PORT: "0",
    HOST: "127.0.0.1",
    WORKER_NODES: worker.address,
    API_KEY: key,
    ALLOWED_PRIVATE_CIDRS: "127.0.0.0/8",
    LOG_LEVEL: "warn",
  };
  await using service = await startProcess("controlplane/main.ts", { ...settings, LOG_LEVEL: "info" }, "listening");
  const { origin } = new URL(String(service.ready["url"]));
  const api = `${origin}/api/v1/jobs`;
  const { job_id: jobId } = await jsonOf(await fetch(api, { method: "POST", headers, body: JSON.stringify(anOrder) }));
  const stream = sseEvents(await fetch(`${api}/${jobId}/stream`, { headers }));

  const latencies = async () => {
    const taken: number[] = [];
    for (let n = 0; n < events; n += 1) {
      const told = performance.now();
      worker.tell(jobId, { status: "processing", message: String(told) });
      for await (const { message } of { [Symbol.asyncIterator]: () => ({ next: () => stream.next() }) })
        if (message === String(told)) break;
      taken.push(performance.now() - told);
      await Bun.sleep(everyMs);
    }
    return percentile(taken, 0.99);
  };

  await latencies();
  const [quiet, flooded, answered]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    quiet.push(await latencies());
    const argv = [process.execPath, join(import.meta.dir, "flood.ts"), origin, String(requestsPerSecond)];
    await using flood = await startCommand(argv, {}, "flooding");
    flooded.push(await latencies());
    const last = JSON.parse(flood.said.at(-1) ?? "{}");
    answered.push(last.answered / last.seconds);
  }
  return [
    {
      name: `p99 of an event under ${Math.round(median(answered))} refused requests a second`,
      value: median(flooded),
      unit: "ms",
      yardstick: { name: "without them", value: median(quiet) },
      ratio: median(flooded.map((value, round) => value / (quiet[round] ?? Number.NaN))),
      target: { most: 2, of: "ratio" },
    },
  ];
};
