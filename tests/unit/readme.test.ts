import { expect, test } from "bun:test";
import { table, withTable } from "../../scripts/settings-table.ts";

test("the README's table of settings is the one that the schemas make; `bun run generate` writes it", async () => {
  const readme = await Bun.file(new URL("../../README.md", import.meta.url)).text();
  expect(withTable(readme, table())).toBe(readme);
});
