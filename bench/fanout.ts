import { join } from "node:path";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { startCommand } from "#tests/support/processes.ts";
import { client, eventually } from "#tests/support/service.ts";
import { type Figure, median, percentile } from "./figures.ts";
import { memoryOf } from "./process.ts";
import { startControlplane } from "./service.ts";
import { watch } from "./watchers.ts";

const clients = 5_000;
const events = 20;
// As often as a worker tells of its progress.
const everyMs = 250;

/** Tells every client of an event with this number. */
type Publish = (sequence: number) => unknown;
type FanoutResult = { delays: number[]; bytesEach: number };

/** One job watched by many: how late they hear of an event, and what each costs the control plane. */
export async function fanout(): Promise<Figure[]> {
  const bare = await bareFanout();
  const ours = await controlPlaneFanout();
  const delay = (name: string, share: number): Figure => ({
    name: `event to ${clients} SSE clients, ${name}`,
    value: percentile(ours.delays, share),
    unit: "ms",
    yardstick: { name: "bare Bun.serve", value: percentile(bare.delays, share) },
  });
  return [
    delay("p50", 0.5),
    { ...delay("p99", 0.99), target: { most: 100, of: "value" } },
    {
      name: `memory of a control plane per SSE client, ${clients} at once`,
      value: ours.bytesEach / 1e3,
      unit: "KB",
      yardstick: { name: "bare Bun.serve", value: bare.bytesEach / 1e3 },
      target: { most: 10, of: "value" },
    },
  ];
}

async function controlPlaneFanout(): Promise<FanoutResult> {
  await using worker = await startFakeWorker();
  await using controlplane = await startControlplane([worker.address]);
  const { body } = await client(controlplane.url).post({ input_url: "http://127.0.0.1/source.mp4", preset: "tiny" });
  const jobId = String(body["job_id"]);
  const stream = `${controlplane.url}/api/v1/jobs/${jobId}/stream`;
  // Its first event, `queued`, has number 1.
  return await fan(controlplane.pid, stream, 2, (sequence) =>
    worker.tell(jobId, { status: "processing", progress: sequence % 100, message: `Encoding frame ${sequence}/99` }),
  );
}

async function bareFanout(): Promise<FanoutResult> {
  await using server = await startCommand([process.execPath, join(import.meta.dir, "floor/sse.ts")], {}, "listening");
  const url = String(server.ready["url"]);
  const data = JSON.stringify({ status: "processing", message: "as long as one of ours is".padEnd(200) });
  return await fan(server.pid, url, 1, (sequence) =>
    fetch(url, { method: "POST", body: `id: ${sequence}\ndata: ${data}\n\n` }),
  );
}

/** Has one client and then many; the first pays for what is there once. */
async function fan(pid: number, stream: string, first: number, publish: Publish): Promise<FanoutResult> {
  const one = await watched(pid, stream, 1, first, publish);
  const many = await watched(pid, stream, clients, first + events, publish);
  return { delays: many.delays, bytesEach: (many.memory - one.memory) / clients };
}

async function watched(pid: number, stream: string, count: number, first: number, publish: Publish) {
  using watching = await watch(stream, count);
  const published = new Map<number, number>();
  const memory: number[] = [];
  for (let sequence = first; sequence < first + events; sequence += 1) {
    published.set(sequence, performance.now());
    await publish(sequence);
    await Bun.sleep(everyMs);
    memory.push(memoryOf(pid).now);
  }
  const arrived = () => watching.arrivals.filter(({ sequence }) => published.has(sequence));
  await eventually(() => arrived().length === events * count, "every event at every client");
  const delays = arrived().map(({ sequence, at }) => at - (published.get(sequence) ?? Number.NaN));
  return { delays, memory: median(memory) };
}
