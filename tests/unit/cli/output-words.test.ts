import { expect, test } from "bun:test";
import { ladderLines, placeOf, sizesOf } from "#cli/output-words.ts";
import { eventToJson } from "#shared/job/event.ts";
import { allFacts } from "#tests/support/facts.ts";

const event = { jobId: "job-1", sequence: 3, status: "completed", attempt: 1, timestamp: "2026-01-01T00:00:00.000Z" };
const { source, outputs } = eventToJson({ ...event, status: "completed", ...allFacts });
const known = { ...(source && { source }), ...(outputs && { outputs }) };

test.each([
  ["file:///home/ana/my%20films/%E6%9D%B1.mp4", "/home/ana/my films/東.mp4"],
  ["https://cdn.example.com/a%20b.mp4", "https://cdn.example.com/a%20b.mp4"],
  ["file://elsewhere/share/a.mp4", "file://elsewhere/share/a.mp4"],
  ["", ""],
])("%j can be pasted as %j", (url, place) => {
  expect(placeOf(url)).toBe(place);
});

test("sizes are told with their ratio, and not where one is unknown", () => {
  expect(sizesOf(known)).toBe("73.4 MB in, 18.9 MB out (26 %)");
  expect(sizesOf({})).toBe("");
});

test("renditions are a table without empty columns", () => {
  const [video = "", image = ""] = ladderLines(outputs);
  expect(video).toMatch(
    /^ {2}video_0\.m3u8 {2}video {2}1280x720 {2}29\.97 fps {2}avc1\.64001f,mp4a\.40\.2 {2}2\.4 Mb\/s/,
  );
  expect(video).toEndWith("peak 2.9 Mb/s  18.0 MB  1:00  10 segments");
  expect(image).toMatch(/^ {2}poster\.jpg {4}image {2}1280x720 .* 90\.0 kB/);
  expect(ladderLines(undefined)).toEqual([]);
});
