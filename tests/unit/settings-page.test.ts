import { expect, test } from "bun:test";
import { page, table, withTable } from "../../scripts/settings-table.ts";

test("the page of settings is the one that the schemas make; `bun run generate` writes it", async () => {
  const text = await Bun.file(page).text();
  expect(withTable(text, table())).toBe(text);
});
