import { expect, test } from "bun:test";
import { namedPaths, publicUrl } from "#worker/certificate/describe-encode.ts";

test("arguments name no folder of the machine", () => {
  const args = ["-i", "/w/j/source/input", "-hls_key_info_file", "/w/j/hls.keyinfo", "/w/j/output/a.m3u8", "-y"];
  expect(namedPaths(args, "/w/j/source/input", "/w/j/output")).toEqual([
    ...["-i", "{source}", "-hls_key_info_file", "{job}/hls.keyinfo", "{output}/a.m3u8", "-y"],
  ]);
});

test.each([
  ["https://user:word@example.com/a.mp4?token=1#x", "https://example.com/a.mp4"],
  ["s3://bucket/a.mp4", "s3://bucket/a.mp4"],
  ["file:///home/somebody/a%20b.mp4", "file:a%20b.mp4"],
])("the source %s is named as %s", (url, shown) => {
  expect(publicUrl(url)).toBe(shown);
});
