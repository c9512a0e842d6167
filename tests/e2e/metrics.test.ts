import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { EventJson } from "#shared/job/event.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { promtoolSays, startPrometheus } from "#tests/support/prometheus.ts";
import { client, eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { startTcpProxy } from "#tests/support/tcp-proxy.ts";
import { toolPath } from "#tests/support/tools.ts";

const prometheus = toolPath("prometheus") ?? "";
const promtool = toolPath("promtool") ?? "";
const shipped = join(import.meta.dir, "../../deploy");

describe.skipIf(!prometheus || !promtool)("with Prometheus", () => {
  const stack = new AsyncDisposableStack();
  afterAll(() => stack.disposeAsync());

  const ended: EventJson[] = [];
  let watching: Awaited<ReturnType<typeof startPrometheus>>;
  let addresses: { sleepy: string; steady: string; metrics: string; controlplane: string; queueing: string };

  const configOf = async (config: string) => {
    const text = await Bun.file(config).text();
    return text
      .replaceAll("15s", "500ms")
      .replace("controlplane:8080", addresses.controlplane)
      .replace("scrape_configs:\n", `$&${jobOfRoom(addresses.queueing)}`)
      .replace('"worker-1:9464", "worker-2:9464"', `"${addresses.metrics}"`)
      .replace("$1:50051", addresses.steady);
  };

  beforeAll(async () => {
    const { path: home } = stack.use(await temporaryFolder());
    const { path: folder } = stack.use(await temporaryFolder());
    await Bun.write(join(home, "broken.mp4"), "this is no video".repeat(100));
    const clips = { "clip.mp4": await clip({ seconds: 1 }), "long.mp4": await clip({ seconds: 20 }) };
    const sources = stack.use(serveFiles({ ...clips, "broken.mp4": join(home, "broken.mp4") }));
    const [sleepy, steady, metricsPort] = [await freePort(), await freePort(), await freePort()];
    const door = stack.use(await startTcpProxy(sleepy));
    const controlplane = stack.use(await startControlplane([door.port, steady]));
    const room = { QUEUE_URL: `sqlite:${join(home, "room.sqlite")}`, RECORD_STORAGE: "local", LOCAL_ROOT: home };
    const queueing = stack.use(await startControlplane([await freePort()], room));
    addresses = {
      sleepy: `127.0.0.1:${door.port}`,
      steady: `127.0.0.1:${steady}`,
      metrics: `127.0.0.1:${metricsPort}`,
      controlplane: new URL(controlplane.url).host,
      queueing: new URL(queueing.url).host,
    };
    await cp(join(shipped, "prometheus/alerts.yml"), join(folder, "alerts.yml"));
    await Bun.write(join(folder, "flux-key"), "not asked for without keys");
    const config = await configOf(join(shipped, "prometheus/prometheus.yml"));
    watching = stack.use(await startPrometheus(prometheus, folder, config));

    const api = client(controlplane.url);
    const order = async (name: string, preset = "tiny") =>
      String((await api.post({ input_url: sources.url(name), preset })).body["job_id"]);
    const follow = async (jobId: string) => {
      const last = (await api.events(jobId)).at(-1);
      if (last) ended.push(last);
    };
    const env = { MAX_CONCURRENT_JOBS: "8", JOB_MEMORY: "0B", PRICE_PER_WORKER_HOUR: "3600" };

    // Twice the one worker is started for an order, works, and stops by itself.
    for (const others of [
      ["missing.mp4", ...clipTimes(3)],
      ["broken.mp4", ...clipTimes(3)],
    ]) {
      const knocks = door.struck;
      door.set({ how: "refused" });
      const first = order("clip.mp4");
      await eventually(() => door.struck > knocks, "the control plane looks for a worker");
      await using worker = await startWorker({ port: sleepy, home, AUTO_STOP: "true", IDLE_GRACE: "2s", ...env });
      door.mend();
      const jobs = [await first, ...(await Promise.all(others.map((name) => order(name))))];
      await Promise.all(jobs.map(follow));
      expect(await worker.exited).toBe(0);
    }
    stack.use(
      await startWorker({ port: steady, home: join(home, "steady"), METRICS_PORT: String(metricsPort), ...env }),
    );
    const cancelled = await order("long.mp4", "slow");
    await api.until(cancelled, ({ progress = 0 }) => progress > 0);
    await follow(await order("clip.mp4"));
    await api.cancel(cancelled);
    await follow(cancelled);
    for (const name of ["missing.mp4", ...clipTimes(7)]) await follow(await order(name));
    const isScraped = async () =>
      (await watching.value("sum(flux_jobs_total)")) === 20 &&
      (await watching.value("min(sum by (job) (flux_worker_jobs_total))")) === 10;
    await eventually(isScraped, "all that was counted is scraped");
  });

  const sumOf = (field: keyof NonNullable<EventJson["receipt"]>) =>
    ended.reduce((sum, { receipt }) => sum + (receipt?.[field] ?? 0), 0);

  test("both parts are scraped by the configuration that is shipped", async () => {
    const up = await watching.query('up{job!="room"}');
    expect(up.map(({ metric, value }) => [metric["job"], value]).sort()).toEqual([
      ["flux-controlplane", 1],
      ["flux-worker", 1],
    ]);
  });

  test("every job is counted once, although its worker has stopped since", async () => {
    const count = (labels: string) => watching.value(`sum(flux_jobs_total{${labels}})`);
    expect(await count('outcome="completed",preset="tiny"')).toBe(16);
    expect(await count('outcome="failed",preset="tiny"')).toBe(3);
    expect(await count('outcome="cancelled",preset="slow"')).toBe(1);
    expect(await watching.value("sum(flux_job_failures_total)")).toBe(3);
    expect(await watching.value('flux_job_failures_total{kind="source_failed"}')).toBe(3);
    expect(await watching.value('sum(flux_dispatch_attempts_total{answer="accepted"})')).toBe(20);
    expect(await watching.value("sum(flux_dispatch_wait_seconds_count)")).toBe(20);
    const route = '{method="POST",route="/api/v1/jobs",status="202"}';
    expect(await watching.value(`flux_http_request_duration_seconds_count${route}`)).toBe(20);
    expect(await watching.value("flux_sse_streams")).toBe(0);
  });

  test("the receipts of all jobs, of stopped workers too, add up to the metrics", async () => {
    const totals = {
      busy_seconds_total: "worker_seconds",
      source_bytes_total: "bytes_in",
      upload_bytes_total: "bytes_out",
      media_seconds_total: "media_seconds",
      encode_seconds_total: "encode_seconds",
      storage_requests_total: "storage_requests",
      cold_start_seconds_total: "cold_start_seconds",
      ffmpeg_cpu_seconds_sum: "cpu_seconds",
      cost_total: "cost",
    } as const;
    expect(ended.filter(({ receipt }) => receipt).length).toBe(20);
    for (const [metric, field] of Object.entries(totals)) {
      expect(await watching.value(`sum(flux_job_${metric})`), metric).toBeCloseTo(sumOf(field), 2);
      // Of a worker that starts within a second nothing is said.
      if (field !== "cold_start_seconds") expect(sumOf(field), field).toBeGreaterThan(0);
    }
    // Price: one a second. Two jobs that run side by side share the worker.
    expect(sumOf("cost")).toBeLessThan(sumOf("worker_seconds"));
  });

  test("a worker that runs is seen alike through the control plane and by itself", async () => {
    const { steady } = addresses;
    for (const job of ["flux-controlplane", "flux-worker"]) {
      const of = `job="${job}",worker="${steady}"`;
      expect(await watching.value(`sum(flux_worker_jobs_total{${of}})`)).toBe(10);
      expect(await watching.value(`flux_worker_jobs_total{${of},outcome="failed",kind="source_failed"}`)).toBe(1);
      expect(await watching.value(`flux_worker_jobs_running{${of}}`)).toBe(0);
    }
    expect(await watching.value(`sum(max by (worker) (flux_worker_disk_used_bytes))`)).toBeGreaterThan(0);
    expect(await watching.value(`flux_connected{worker="${steady}"}`)).toBe(1);
    expect(await watching.value(`flux_slots{worker="${steady}"}`)).toBe(8);
    expect(await watching.value(`flux_connected{worker="${addresses.sleepy}"}`)).toBe(0);
    expect(await watching.query(`flux_worker_jobs_total{worker="${addresses.sleepy}"}`)).toEqual([]);
  });

  test("promtool finds nothing to say", async () => {
    const texts = [
      await fetch(`http://${addresses.controlplane}/metrics`),
      await fetch(`http://${addresses.metrics}/metrics`),
    ];
    for (const text of texts) expect(await promtoolSays([promtool, "check", "metrics"], await text.text())).toBe("");
    expect(await promtoolSays([promtool, "check", "rules", join(shipped, "prometheus/alerts.yml")])).toBe("");
    const config = join(shipped, "prometheus/prometheus.yml");
    expect(await promtoolSays([promtool, "check", "config", "--syntax-only", config])).toBe("");
  });

  test("every expression of the Grafana dashboard is one that Prometheus answers", async () => {
    const { panels } = await Bun.file(join(shipped, "grafana/flux-encoder.json")).json();
    const expressions: string[] = panels.flatMap(({ targets = [] }: { targets?: { expr: string }[] }) =>
      targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "1m").replaceAll("$tenant", ".*")),
    );
    expect(expressions.length).toBeGreaterThan(20);
    const answers = await Promise.all(expressions.map((expression) => watching.query(expression)));
    expect(expressions.filter((_, index) => answers[index]?.length === 0)).toEqual([]);
  });
});

/** What the metrics of a waiting room are read with: those of a service without workers, which it shares no others with. */
const jobOfRoom = (target: string) => `
  - job_name: room
    static_configs: [{ targets: ["${target}"] }]
    metric_relabel_configs: [{ source_labels: [__name__], regex: flux_queue_.+, action: keep }]
`;

const clipTimes = (count: number): string[] => Array.from({ length: count }, () => "clip.mp4");
