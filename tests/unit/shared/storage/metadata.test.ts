import { expect, test } from "bun:test";
import { encodedMetadata, metadataProblem } from "#shared/storage/metadata.ts";

test.each(["plain text", "100 percent", "100%", "%41", " blanks ", "café", "東京の夜", "line\nbreak", ""])(
  "carries the value %j so that decoding gives it back",
  (value) => {
    const { title = "" } = encodedMetadata({ title: value });
    expect(title).toMatch(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$|^$/);
    expect(decodeURIComponent(title)).toBe(value);
  },
);

test("leaves plain values as they are", () => {
  expect(encodedMetadata({ title: "It's (almost) plain: 1/2 & more!" })).toEqual({
    title: "It's (almost) plain: 1/2 & more!",
  });
});

test.each([
  [{ title: "a", "my-name_2": "b" }, undefined],
  [{ "not a name": "a" }, "names must be 1 to 64 of the characters A-Z a-z 0-9 _ -"],
  [{ título: "a" }, "names must be 1 to 64 of the characters A-Z a-z 0-9 _ -"],
  [{ title: "\ud800" }, "values must be valid Unicode"],
  [{ title: "長".repeat(300) }, "must be at most 2048 bytes when percent-encoded"],
])("of the metadata %j says %s", (metadata, why) => {
  expect(metadataProblem(metadata)).toBe(why);
});
