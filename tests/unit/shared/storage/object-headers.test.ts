import { expect, test } from "bun:test";
import { encodedMetadata, metadataTrouble } from "#shared/storage/metadata.ts";
import { aboutFile } from "#shared/storage/object-headers.ts";

test.each([
  ["outputs/clip.mp4", "video/mp4", "public, max-age=3600"],
  ["CLIP.MP4", "video/mp4", "public, max-age=3600"],
  ["a/segment_001.ts", "video/mp2t", "public, max-age=31536000, immutable"],
  ["a/chunk_0_00001.m4s", "video/iso.segment", "public, max-age=31536000, immutable"],
  ["a/init_0.mp4", "video/mp4", "public, max-age=31536000, immutable"],
  ["a/master.m3u8", "application/vnd.apple.mpegurl", "no-cache"],
  ["a/manifest.mpd", "application/dash+xml", "no-cache"],
  [".flux/jobs/a.json", "application/json", "no-store"],
  [".flux/jobs/a.log", "text/plain; charset=utf-8", "no-store"],
  ["unknown", "application/octet-stream", "public, max-age=3600"],
])("serves %s as %s, %s", (name, contentType, cacheControl) => {
  expect(aboutFile(name)).toEqual({ contentType, cacheControl });
});

test.each([
  ["a/master.m3u8", "no-store"],
  ["a/segment_001.ts", "public, max-age=60"],
  ["clip.mp4", "private"],
  ["a.json", "no-store"],
])("lets the settings say how %s is cached", (name, expected) => {
  const settings = { playlists: "no-store", segments: "public, max-age=60", files: "private" };
  expect(aboutFile(name, undefined, settings).cacheControl).toBe(expected);
});

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
  expect(metadataTrouble(metadata)).toBe(why);
});
