import { expect, test } from "bun:test";
import { iframesProblem, manifestProblem, measureProblem } from "#worker/verify/manifests.ts";

const manifest = (stated: string, end: number) =>
  `<MPD type="static" ${stated}><Period><AdaptationSet><Representation id="0"><SegmentTemplate timescale="1000">` +
  `<SegmentTimeline><S t="0" d="${end}" /></SegmentTimeline></SegmentTemplate></Representation></AdaptationSet></Period></MPD>`;

test.each([
  ["PT3.96S", 3_960, undefined],
  ["PT3.96S", 3_969, undefined],
  ["PT3.9S", 3_960, "manifest.mpd: it says that it is 3.900 s long, and its segments end at 3.960 s"],
  ["PT1M4.0S", 63_960, "manifest.mpd: it says that it is 64.000 s long, and its segments end at 63.960 s"],
])("%s of segments that end at %i ms", (stated, end, problem) => {
  expect(manifestProblem("manifest.mpd", manifest(`mediaPresentationDuration="${stated}"`, end))).toBe(problem);
});

test("a manifest says how long it is, unless it grows", () => {
  expect(manifestProblem("manifest.mpd", manifest("", 3_960))).toBe("manifest.mpd: it does not say how long it is");
  expect(manifestProblem("manifest.mpd", manifest("", 3_960).replace("static", "dynamic"))).toBeUndefined();
});

test("a manifest says what its media need", () => {
  const text = (bandwidth: number) => `<Representation id="0" bandwidth="${bandwidth}">`;
  const segments = [{ name: "chunk_0_00001.m4s", seconds: 4 }];
  const track = { name: "representation 0", init: "", segments, targetDuration: 4, isEnded: true, isEncrypted: false };
  const known = { sizeOf: () => 1_000, headOf: () => undefined, contentsOf: () => undefined };
  const problem = (bandwidth: number) => measureProblem("manifest.mpd", text(bandwidth), [track], known);
  expect(problem(2_000)).toBeUndefined();
  expect(problem(9_000)).toBe("manifest.mpd: what it says of codecs and bandwidth is not what its media are and need");
});

test("playlists of keyframes name what is there", () => {
  const text = '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="stream_0_iframes.m3u8"\n';
  const list = (length: number) => `#EXTM3U\n#EXTINF:2,\n#EXT-X-BYTERANGE:${length}@0\nsegment_0_000.ts\n`;
  const files = (length: number) =>
    new Map([
      ["stream_0_iframes.m3u8", { name: "stream_0_iframes.m3u8", bytes: 9, text: list(length) }],
      ["segment_0_000.ts", { name: "segment_0_000.ts", bytes: 376 }],
    ]);
  expect(iframesProblem(text, files(376))).toBeUndefined();
  expect(iframesProblem(text, files(564))).toBe(
    "stream_0_iframes.m3u8: it names more of segment_0_000.ts than there is",
  );
  expect(iframesProblem(text, new Map())).toBe("stream_0_iframes.m3u8: it names no keyframes");
});
