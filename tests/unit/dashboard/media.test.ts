import { expect, test } from "bun:test";
import { kindOf, pictureIn } from "#dashboard/media.ts";

test.each([
  ["https://cdn.example.com/a.mp4?x=1", "file"],
  ["https://cdn.example.com/a/master.m3u8", "hls"],
  ["https://cdn.example.com/a/manifest.mpd", "dash"],
  ["https://cdn.example.com/a.WEBP", "image"],
  ["file:///out/a.mp4", "unreachable"],
  ["ftp://host/a.mp4", "unreachable"],
] as const)("%s is shown as %s", (url, kind) => expect(kindOf(url)).toBe(kind));

test("a job's picture is its output, or the poster beside it, where a browser can fetch it", () => {
  const outputs = {
    ...{ files: 2, bytes: 2 },
    renditions: [
      { path: "output.vtt", kind: "image" as const, bytes: 1 },
      { path: "a b.jpg", kind: "image" as const, bytes: 1 },
    ],
  };
  const output_url = "https://cdn.example.com/films/a.mp4?token=1";
  expect(pictureIn({ output_url, outputs })).toBe("https://cdn.example.com/films/a%20b.jpg?token=1");
  expect(pictureIn({ output_url: "https://cdn.example.com/a.jpg" })).toBe("https://cdn.example.com/a.jpg");
  expect(pictureIn({ output_url: "file:///films/a.mp4", outputs })).toBeUndefined();
  expect(pictureIn({ output_url })).toBeUndefined();
});
