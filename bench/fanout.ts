import { type FakeWorker, startFakeWorker } from "#tests/support/fake-worker.ts";
import { client, eventually } from "#tests/support/service.ts";
import { type Figure, percentile } from "./figures.ts";
import { memoryOf } from "./process.ts";
import { startControlplane } from "./service.ts";
import { type Arrivals, watchJob } from "./watchers.ts";

const clients = 1_000;
const events = 50;
const everyMs = 100;

/** One job watched by many: how late they hear of an event, and what each costs the control plane. */
export async function fanout(): Promise<Figure[]> {
  await using worker = await startFakeWorker();
  await using controlplane = await startControlplane([worker.address]);
  const { body } = await client(controlplane.url).post({ input_url: "http://127.0.0.1/source.mp4", preset: "tiny" });
  const jobId = String(body["job_id"]);
  const run = async (count: number) => {
    using watched = await watchJob(controlplane.url, jobId, count);
    const delays = await delaysOf(worker, jobId, watched.arrivals, count);
    return { delays, memory: memoryOf(controlplane.pid).now };
  };

  await run(1);
  const one = await run(1);
  const many = await run(clients);
  const share = (name: string, of: number): Figure => ({
    name: `event to ${clients} SSE clients, ${name}`,
    value: percentile(many.delays, of),
    unit: "ms",
    yardstick: { name: "1 client", value: percentile(one.delays, of) },
  });
  return [
    share("p50", 0.5),
    share("p99", 0.99),
    {
      name: `memory of a control plane per SSE client, ${clients} at once`,
      value: (many.memory - one.memory) / clients / 1e3,
      unit: "KB",
    },
  ];
}

/** Publishes events and tells how late each was read, in milliseconds. */
async function delaysOf(worker: FakeWorker, jobId: string, arrivals: Arrivals, count: number) {
  const published = new Map<number, number>();
  const arrived = () => arrivals.filter(({ sequence }) => published.has(sequence));
  for (let event = 0; event < events; event += 1) {
    const at = performance.now();
    worker.tell(jobId, { status: "processing", progress: event, message: `Encoding frame ${event}/${events}` });
    published.set(worker.journal.get(jobId)?.feed.latest?.sequence ?? 0, at);
    await Bun.sleep(everyMs);
  }
  await eventually(() => arrived().length === events * count, "every event at every client");
  return arrived().map(({ sequence, at }) => at - (published.get(sequence) ?? Number.NaN));
}
