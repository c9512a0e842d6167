import { expect, test } from "bun:test";
import { parsePresets } from "#worker/presets/parse.ts";
import { page, presetsTable, withTable } from "../../../scripts/presets-page.ts";

test("every preset that the page shows is one", async () => {
  const text = await Bun.file(page).text();
  const shown = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml = ""]) => parsePresets(yaml, "docs"));
  expect(shown.length).toBeGreaterThan(3);
  expect(shown.flatMap(({ problems }) => problems)).toEqual([]);
});

test("the page of presets is the one that the presets make; `bun run generate` writes it", async () => {
  const text = await Bun.file(page).text();
  expect(withTable(text, await presetsTable())).toBe(text);
});
