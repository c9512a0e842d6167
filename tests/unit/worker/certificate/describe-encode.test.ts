import { expect, test } from "bun:test";
import { namedPaths, publicUrl } from "#worker/certificate/describe-encode.ts";

test("arguments name no folder of the machine", () => {
  const args = ["-i", "/w/j/source/input", "-hls_key_info_file", "/w/j/hls.keyinfo", "/w/j/output/a.m3u8", "-y"];
  expect(namedPaths(args, ["/w/j/source/input"], "/w/j/output")).toEqual([
    ...["-i", "{source}", "-hls_key_info_file", "{job}/hls.keyinfo", "{output}/a.m3u8", "-y"],
  ]);
});

test("each of several sources has a name of its own", () => {
  const sources = Array.from({ length: 11 }, (_, at) => `/w/j/source/${at}/source`);
  expect(namedPaths(["-i", "/w/j/source/1/source", "/w/j/source/10/source"], sources, "/w/j/output")).toEqual([
    ...["-i", "{source_2}", "{source_11}"],
  ]);
});

test.each([
  ["https://user:word@example.com/a.mp4?token=1#x", "https://example.com/a.mp4"],
  ["s3://bucket/a.mp4", "s3://bucket/a.mp4"],
  ["file:///home/somebody/a%20b.mp4", "file:a%20b.mp4"],
])("the source %s is named as %s", (url, shown) => {
  expect(publicUrl(url)).toBe(shown);
});
