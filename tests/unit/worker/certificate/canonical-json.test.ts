import { expect, test } from "bun:test";
import { canonicalJson } from "#worker/certificate/canonical-json.ts";

test("the same value is the same text, whatever the order of its fields", () => {
  expect(canonicalJson({ b: [2, { d: 1, c: null }], a: "é" })).toBe('{"a":"é","b":[2,{"c":null,"d":1}]}');
  expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
  expect(canonicalJson([2, 1])).toBe("[2,1]");
});
