import { expect, test } from "bun:test";
import { namesModule, namesPage, page, table, withTable } from "../../../scripts/settings-table.ts";

test("the page of settings is the one that the schemas make; `bun run generate` writes it", async () => {
  const text = await Bun.file(page).text();
  expect(withTable(text, table())).toBe(text);
});

test("each part knows the names of the other's settings; `bun run generate` writes them", async () => {
  expect(await Bun.file(namesPage).text()).toBe(namesModule());
});
