import { expect, test } from "bun:test";
import { joinWorkerMetrics } from "#controlplane/workers/worker-metrics.ts";

const about = "# HELP flux_worker_jobs_total Jobs\n# TYPE flux_worker_jobs_total counter\n";

test("what several workers say is joined by metric, each line with its worker", () => {
  const metrics = `${about}flux_worker_jobs_total{outcome="failed"} 2\n# TYPE flux_worker_busy gauge\nflux_worker_busy 1\n`;
  expect(joinWorkerMetrics(["a:1", "b:1"].map((worker) => ({ worker, metrics })))).toBe(
    `${about}${[
      'flux_worker_jobs_total{worker="a:1",outcome="failed"} 2',
      'flux_worker_jobs_total{worker="b:1",outcome="failed"} 2',
      "# TYPE flux_worker_busy gauge",
      'flux_worker_busy{worker="a:1"} 1',
      'flux_worker_busy{worker="b:1"} 1',
    ].join("\n")}\n`,
  );
});

test("the lines of a histogram stay together", () => {
  const lines = ['_bucket{le="+Inf"}', "_sum", "_count"].map((end) => `flux_worker_cpu${end} 1`);
  const text = joinWorkerMetrics(["a", "b"].map((worker) => ({ worker, metrics: lines.join("\n") })));
  expect(text.split("\n").filter(Boolean).length).toBe(6);
  expect(text).toStartWith('flux_worker_cpu_bucket{worker="a",le="+Inf"} 1\nflux_worker_cpu_sum{worker="a"} 1\n');
});

test("a worker cannot break the text or speak for the control plane", () => {
  const metrics = 'flux_jobs_total{outcome="failed"} 9\nnonsense\nflux_worker_x{a="b"} 1 2 3\n# TYPE up gauge\nup 1\n';
  expect(joinWorkerMetrics([{ worker: "a", metrics }])).toBe("");
});
