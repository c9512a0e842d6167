import { expect, test } from "bun:test";
import { headersFor, makeHeadersFor } from "#shared/storage/object-headers.ts";

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
  expect(headersFor(name)).toEqual({ contentType, cacheControl });
});

test.each([
  ["a/master.m3u8", "no-store"],
  ["a/segment_001.ts", "public, max-age=60"],
  ["clip.mp4", "private"],
  ["a.json", "no-store"],
])("lets the settings say how %s is cached", (name, expected) => {
  const settings = { playlists: "no-store", segments: "public, max-age=60", files: "private" };
  expect(makeHeadersFor(settings)(name).cacheControl).toBe(expected);
});
