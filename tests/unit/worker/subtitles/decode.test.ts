import { expect, test } from "bun:test";
import { decodeText } from "#worker/subtitles/decode.ts";

test.each<[string, string, string]>([
  ["UTF-8", "43 61 66 c3 a9 0a e2 82 ac", "Café\n€"],
  ["Windows-1252", "43 61 66 e9 0a 80 0a", "Café\n€\n"],
  ["both, each in lines of its own", "43 61 66 e9 0a 43 61 66 c3 a9", "Café\nCafé"],
  ["nothing", "", ""],
])("reads %s", (_, hex, text) => {
  expect(decodeText(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toBe(text);
});
