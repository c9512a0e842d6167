import { jobIdAt } from "#shared/job/id.ts";
import { formatRecord } from "#shared/job/record.ts";
import type { JobStatus } from "#shared/job/status.ts";
import { foldersFor, markerName } from "#shared/outcomes/markers.ts";
import { completeKey } from "#shared/outcomes/recent.ts";
import { s3Client } from "#shared/storage/s3/client.ts";
import { anOrder } from "#tests/support/orders.ts";
import { loopback, startCommand } from "#tests/support/processes.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server.ts";
import { type Figure, median } from "./figures.ts";
import { binary } from "./service.ts";
import { type SlowStore, startSlowStore } from "./slow-store.ts";

const count = 10_000;
const rounds = 7;
const shown = 20;
const root = ".flux/jobs";

/** Lists over 10,000 records of one day on S3 that takes 20 ms a request, beside the same requests without a service. */
export async function lists(): Promise<Figure[]> {
  await using s3 = await startS3Server();
  await fill(s3);
  await using store = startSlowStore(s3.options.endpoint ?? "");
  const options = { ...s3.options, endpoint: store.url };
  const settings = { ...s3.env, S3_ENDPOINT: store.url, RECORD_STORAGE: "s3", STORAGE: "s3" };
  await using controlplane = await startCommand(
    [await binary("controlplane")],
    { PORT: "0", WORKER_NODES: "127.0.0.1:1", ALLOWED_PRIVATE_CIDRS: loopback, ...settings },
    "listening",
  );
  const url = `${new URL(String(controlplane.ready["url"])).origin}/api/v1/jobs?limit=${shown}`;

  const byState = await measured(store, () => listed(`${url}&status=failed`));
  const newest = await measured(store, () => listed(url));
  const bare = await measured(store, () => oneListAndReads(options));
  const yardstick = { name: `a LIST and ${shown} GETs by the SDK`, value: bare.ms };
  const most = (value: number) => ({ most: value, of: "value" }) as const;
  return [
    { name: `list by state, ${count} records`, value: byState.ms, unit: "ms", yardstick, target: most(300) },
    { name: "requests of it besides the records shown", value: byState.lists, unit: "requests", target: most(5) },
    { name: `page of the newest, ${count} records`, value: newest.ms, unit: "ms", yardstick },
    { name: "requests of it besides the records shown", value: newest.lists, unit: "requests", target: most(3) },
    { name: "records read for it", value: newest.reads, unit: "requests", target: most(shown) },
  ];
}

async function listed(url: string) {
  const { jobs } = (await (await fetch(url)).json()) as { jobs: unknown[] };
  if (jobs.length !== shown) throw new Error(`${jobs.length} jobs are listed, not ${shown}`);
}

async function oneListAndReads(options: S3Server["options"]) {
  const ask = s3Client(options);
  const { signal } = new AbortController();
  const from = { Bucket: options.bucket, Prefix: `${root}/outcomes/failed/`, MaxKeys: shown };
  const { Contents = [] } = await ask((s3, call) => s3.listObjectsV2(from, call), signal);
  await Promise.all(
    Contents.map(({ Key }) =>
      ask(
        async (s3, call) => (await s3.getObject({ Bucket: options.bucket, Key }, call)).Body?.transformToString(),
        signal,
      ),
    ),
  );
}

/** The median time, and the requests of the last round: the first one learns more than the others. */
async function measured(store: SlowStore, work: () => Promise<void>) {
  const times: number[] = [];
  await work();
  for (let round = 0; round < rounds; round += 1) {
    store.asked.length = 0;
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  const lists = store.asked.filter((request) => request.includes("list-type=2")).length;
  return { ms: median(times), lists, reads: store.asked.length - lists };
}

/** What a day of jobs leaves, of which one in ten failed. */
async function fill({ raw, options }: S3Server) {
  const put = (Key: string, Body: string) => raw.putObject({ Bucket: options.bucket, Key, Body });
  const now = Date.now();
  const job = async (index: number) => {
    const at = now - index * 1_000;
    const time = at.toString(16).padStart(12, "0");
    const last = index.toString(16).padStart(12, "0");
    const jobId = jobIdAt("worker:1", `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${last}`);
    const status: JobStatus = index % 10 === 0 ? "failed" : "completed";
    const timestamp = new Date(at).toISOString();
    const order = anOrder({ jobId, preset: "720p_h264" });
    const record = formatRecord(order, { jobId, sequence: 9, status, attempt: 1, timestamp });
    const markers = foldersFor(status).map((folder) => `${root}/outcomes/${folder}/${markerName(order, at)}`);
    await Promise.all(markers.map((key) => put(key, "\n")));
    await put(`${root}/${timestamp.slice(0, 10)}/${jobId}.json`, record);
  };
  const atOnce = 50;
  for (let from = 0; from < count; from += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => job(from + index)));
  }
  await put(completeKey(root), "\n");
}
