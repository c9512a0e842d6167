import { expect, test } from "bun:test";
import { kindOf } from "#dashboard/media.ts";

test.each([
  ["https://cdn.example.com/a.mp4?x=1", "file"],
  ["https://cdn.example.com/a/master.m3u8", "hls"],
  ["https://cdn.example.com/a/manifest.mpd", "dash"],
  ["https://cdn.example.com/a.WEBP", "image"],
  ["file:///out/a.mp4", "unreachable"],
  ["ftp://host/a.mp4", "unreachable"],
] as const)("%s is shown as %s", (url, kind) => expect(kindOf(url)).toBe(kind));
