import { expect, test } from "bun:test";
import { checkedKey, checkedPrefix, keyProblem, urlBelow } from "#shared/storage/key.ts";

test.each(["clip.mp4", "a/b/c.mp4", ".flux/jobs/a.json", "a b/動画 #1?.mp4", "..a/b..", "...", "a".repeat(255)])(
  "takes the key %j",
  (key) => {
    expect(keyProblem(key)).toBeUndefined();
    expect(checkedKey(key)).toBe(key);
  },
);

test.each([
  ["", "must not be empty"],
  ["/a", "must not be absolute"],
  ["a/", "must not contain empty segments"],
  ["a//b", "must not contain empty segments"],
  ["./a", "must not contain . or .. as a segment"],
  ["a/..", "must not contain . or .. as a segment"],
  ["a/../b", "must not contain . or .. as a segment"],
  ["a\\..\\b", "must not contain control characters or backslashes"],
  ["a\0b", "must not contain control characters or backslashes"],
  ["a\u0085b", "must not contain control characters or backslashes"],
  ["a\ud800", "must be valid Unicode"],
  ["é".repeat(128), "must not contain a segment over 255 bytes"],
  [`${"a/".repeat(512)}a`, "must be at most 1024 bytes"],
])("says what is wrong with the key %j", (key, why) => {
  expect(keyProblem(key)).toBe(why);
  expect(() => checkedKey(key)).toThrow(expect.objectContaining({ kind: "invalid", message: `the path ${why}` }));
});

test("takes only folders as prefixes", () => {
  expect(checkedPrefix("a/b/")).toBe("a/b/");
  for (const prefix of ["", "/", "a", "a/../", "/a/"]) expect(() => checkedPrefix(prefix)).toThrow();
});

test("encodes each segment of a key below a URL", () => {
  expect(urlBelow("https://cdn.example.com/v/", "a b/é?#%.mp4")).toBe(
    "https://cdn.example.com/v/a%20b/%C3%A9%3F%23%25.mp4",
  );
});
