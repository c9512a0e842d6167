import { expect, test } from "bun:test";
import { parsePresets } from "#worker/presets/parse.ts";
import { pages, presetsTable, withTable } from "../../../scripts/presets-page.ts";

test.each(pages)("every preset that the page shows is one: $page.pathname", async ({ page }) => {
  const text = await Bun.file(page).text();
  const shown = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml = ""]) => parsePresets(yaml, "docs"));
  expect(shown.length).toBeGreaterThan(3);
  expect(shown.flatMap(({ problems }) => problems)).toEqual([]);
});

test.each(pages)("the presets make $page.pathname; `bun run generate` writes it", async ({ page, columns }) => {
  const text = await Bun.file(page).text();
  expect(withTable(text, await presetsTable(columns))).toBe(text);
});
