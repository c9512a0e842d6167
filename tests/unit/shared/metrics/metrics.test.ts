import { expect, test } from "bun:test";
import { makeMetrics } from "#shared/metrics/metrics.ts";

const definitions = {
  cakes_total: { type: "counter", labels: ["kind"], help: "Cakes" },
  guests: { type: "gauge", labels: [], help: "Guests" },
  bake_seconds: { type: "histogram", labels: ["oven"], buckets: [1, 10], help: "Time" },
} as const;

const linesOf = (text: string) => text.split("\n").filter((line) => line && !line.startsWith("#"));

test("a metric is written as Prometheus reads it, what has no labels from the beginning", () => {
  expect(makeMetrics("tea_", definitions).text()).toBe(
    [
      ...["# HELP tea_cakes_total Cakes", "# TYPE tea_cakes_total counter"],
      ...["# HELP tea_guests Guests", "# TYPE tea_guests gauge", "tea_guests 0"],
      ...["# HELP tea_bake_seconds Time", "# TYPE tea_bake_seconds histogram", ""],
    ].join("\n"),
  );
});

test("a histogram's buckets hold what is in those before them", () => {
  const metrics = makeMetrics("", definitions);
  for (const seconds of [0.5, 1, 5, 100]) metrics.observe("bake_seconds", { oven: "a" }, seconds);
  expect(linesOf(metrics.text()).slice(1)).toEqual([
    'bake_seconds_bucket{oven="a",le="1"} 2',
    'bake_seconds_bucket{oven="a",le="10"} 3',
    'bake_seconds_bucket{oven="a",le="+Inf"} 4',
    'bake_seconds_sum{oven="a"} 106.5',
    'bake_seconds_count{oven="a"} 4',
  ]);
});

test("a label may hold anything", () => {
  const metrics = makeMetrics("", definitions);
  metrics.add("cakes_total", { kind: 'a "b"\\\nc' });
  expect(linesOf(metrics.text())[0]).toBe('cakes_total{kind="a \\"b\\"\\\\\\nc"} 1');
});

test("a gauge forgets what it no longer has to say", () => {
  const metrics = makeMetrics("", { guests: { type: "gauge", labels: ["room"], help: "Guests" } });
  metrics.replace("guests", [[{ room: "red" }, 3]]);
  metrics.replace("guests", [[{ room: "blue" }, 2]]);
  expect(linesOf(metrics.text())).toEqual(['guests{room="blue"} 2']);
});

test("endless labels do not fill the memory, and nothing of the sum is lost", () => {
  const metrics = makeMetrics("", definitions);
  for (let cake = 0; cake < 2_000; cake += 1) metrics.add("cakes_total", { kind: String(cake) });
  metrics.add("cakes_total", { kind: "7" });
  const lines = linesOf(metrics.text()).filter((line) => line.startsWith("cakes"));
  expect(lines.length).toBe(501);
  expect(lines).toContain('cakes_total{kind="7"} 2');
  expect(lines.at(-1)).toBe('cakes_total{kind="other"} 1500');
});
