import { expect, test } from "bun:test";
import { adviceOn } from "#dashboard/reasons.ts";

test.each([
  ["the source answered 404", "URL opens"],
  ["the source closed the connection without an answer", "URL opens"],
  ["the source cannot be read; is there such a file?", "path and mode"],
  ["the source has no video, and preset 720p_h264 needs one", "lacks what the preset needs"],
  ["the source is damaged: 80 % of its pictures cannot be decoded", "cannot be decoded"],
  ["the source is not a media file that can be read: it is a web page (Invalid data)", "cannot be decoded"],
  ["the source has more than 256 streams, which is more than a film has", "not one that this order can be made of"],
] as const)("%s: advice that fits", (message, words) => {
  const advice = adviceOn({ kind: "source_failed", message });
  expect(advice).toContain(words);
  expect(advice.includes("URL")).toBe(words === "URL opens");
});

test("other kinds have theirs", () => {
  expect(adviceOn({ kind: "encode_failed", message: "ffmpeg failed" })).toContain("The encoder could not finish");
  expect(adviceOn({ kind: "encode_failed", message: "ffmpeg was killed because memory ran out" })).toContain("memory");
  expect(adviceOn({ kind: "timeout", message: "took too long" })).toContain("JOB_TIMEOUT");
});
