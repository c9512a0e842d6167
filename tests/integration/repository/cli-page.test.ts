import { expect, test } from "bun:test";
import { page, reference, withReference } from "../../../scripts/cli-page.ts";

test("the page of commands is the one that the program makes; `bun run generate` writes it", async () => {
  const text = await Bun.file(page).text();
  expect(withReference(text, reference())).toBe(text);
});
