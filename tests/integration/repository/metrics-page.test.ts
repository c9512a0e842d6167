import { expect, test } from "bun:test";
import { metrics, page, withTables } from "../../../scripts/metrics-page.ts";

test("the page of metrics is the one that the code makes; `bun run generate` writes it", async () => {
  const text = await Bun.file(page).text();
  expect(withTables(text)).toBe(text);
});

test("dashboard and alerts name only metrics that there are", async () => {
  const known = Object.values(metrics).flatMap((part) =>
    part.flatMap(([name, { type }]) =>
      type === "histogram" ? ["bucket", "sum", "count"].map((what) => `${name}_${what}`) : [name],
    ),
  );
  for (const file of ["grafana/flux-encoder.json", "prometheus/alerts.yml"]) {
    const text = await Bun.file(new URL(`../../../deploy/${file}`, import.meta.url)).text();
    const named = new Set(text.match(/\bflux_\w+/g));
    expect(named.size, file).toBeGreaterThan(5);
    expect(
      [...named].filter((name) => !known.includes(name)),
      file,
    ).toEqual([]);
  }
});
