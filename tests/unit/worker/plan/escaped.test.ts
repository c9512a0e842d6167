import { expect, test } from "bun:test";
import { escaped } from "#worker/plan/escaped.ts";

test("what ends an option, a filter or a chain is escaped, twice where both read it", () => {
  expect(escaped("/it's [a], b; c:\\d")).toBe("/it\\\\\\'s \\[a\\]\\, b\\; c\\\\:\\\\\\\\d");
  expect(escaped("/var/lib/flux/film.ass")).toBe("/var/lib/flux/film.ass");
});
