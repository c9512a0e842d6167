import { expect, test } from "bun:test";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import type { OutputFile } from "#worker/verify/inspect.ts";
import { verify } from "#worker/verify/verify.ts";
import { source } from "../plan/sources.ts";

const preset = presetNamed(await loadPresets(), "hls_720p_abr_fmp4");
const bt601 = { matrix: "smpte170m", primaries: "smpte170m", transfer: "smpte170m", range: "tv" };
const small = source({ width: 854, height: 480 });
const planned = plan(preset, small, { input: "/jobs/source", outputDir: "/jobs/out", stem: "x" }, anyCapabilities);

const playlist = (track: string, durations: readonly number[], end = "#EXT-X-ENDLIST\n") => {
  const segments = durations.map((seconds, at) => `#EXTINF:${seconds},\nsegment_${track}_00${at}.m4s\n`).join("");
  return `#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXT-X-MAP:URI="init_${track}.mp4"\n${segments}${end}`;
};

const lengths = [6, 4];
const tracks = ["0", "1", "audio"];
const video: Probe = source({ width: 640, height: 360, ...bt601 }, { audio: [] });
const audio: Probe = { ...source(), video: undefined };

const text = (name: string, content: string): OutputFile => ({ name, bytes: content.length, text: content });

/** What a good encode leaves, with some files replaced, and those without content left out. */
function output(changes: Record<string, Partial<OutputFile> | undefined> = {}): OutputFile[] {
  const files = [
    text("master.m3u8", planned.derived?.[0]?.text([]) ?? ""),
    ...tracks.flatMap((track) => [
      text(`stream_${track}.m3u8`, playlist(track, lengths)),
      { name: `init_${track}.mp4`, bytes: 800, probe: track === "audio" ? audio : video },
      ...lengths.map((_, at) => ({ name: `segment_${track}_00${at}.m4s`, bytes: 1_000 })),
    ]),
  ];
  return files.flatMap((file) => {
    if (!(file.name in changes)) return [file];
    const change = changes[file.name];
    return change ? [{ ...file, ...change }] : [];
  });
}

test("accepts what was planned", () => {
  expect(() => verify(planned, output())).not.toThrow();
});

const stream = (track: string, durations: readonly number[], end?: string) => ({
  [`stream_${track}.m3u8`]: text("", playlist(track, durations, end)).text,
});
const replaced = (files: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [name, { text: content ?? "" }]));

test.each<[string, Record<string, Partial<OutputFile> | undefined>, string]>([
  ["a missing segment", { "segment_1_001.m4s": undefined }, "segment_1_001.m4s: stream_1.m3u8 names it, and it is not"],
  ["an empty segment", { "segment_0_000.m4s": { bytes: 0 } }, "segment_0_000.m4s: it is empty"],
  ["a missing init segment", { "init_1.mp4": undefined }, "init_1.mp4: stream_1.m3u8 names it, and it is not there"],
  ["an unreadable init segment", { "init_0.mp4": { probe: undefined } }, "init_0.mp4: it cannot be read as media"],
  [
    "the wrong codec",
    { "init_0.mp4": { probe: source({ codec: "hevc" }) } },
    "init_0.mp4: its video is hevc, not h264",
  ],
  ["sound that is none", { "init_audio.mp4": { probe: video } }, "init_audio.mp4: it has no audio"],
  ["a missing playlist", { "stream_1.m3u8": undefined }, "stream_1.m3u8: it names no segments"],
  ["a missing master", { "master.m3u8": undefined }, "master.m3u8: ffmpeg did not write it"],
  ["a playlist that goes on", replaced(stream("0", lengths, "")), "stream_0.m3u8: it does not end"],
  ["a short rendition", replaced(stream("1", [6])), "stream_1.m3u8: it lasts until 6.00 s instead of 10.00 s"],
  [
    "a long segment",
    replaced(stream("0", [7, 3])),
    "segment_0_000.m4s: it is 7.00 s long, and stream_0.m3u8 promises 6.00",
  ],
  ["shifted segments", replaced(stream("1", [5.9, 4.1])), "segment_1_000.m4s: it does not begin or end where those of"],
])("refuses %s", (_, changes, problem) => {
  expect(() => verify(planned, output(changes))).toThrow(problem);
});

test("refuses a name that players cannot ask for", () => {
  const odd = playlist("1", lengths).replace("init_1.mp4", "init_%v.mp4");
  const files = [...output(replaced({ "stream_1.m3u8": odd })), { name: "init_%v.mp4", bytes: 800, probe: video }];
  expect(() => verify(planned, files)).toThrow("init_%v.mp4: stream_1.m3u8 names it, and it is no URI");
});

test("refuses an entry that leads nowhere", () => {
  const files = output({ "master.m3u8": { text: "#EXTM3U\n" } });
  expect(() => verify(planned, files)).toThrow("master.m3u8: it names no segments");
});

test("what a user's own arguments make is as long as the source, its longest playlist at least", () => {
  const { segments: _, ...own } = planned;
  const short = (names: readonly string[]) =>
    output(replaced(Object.assign({}, ...names.map((name) => stream(name, [6])))));
  expect(() => verify(own, short(["audio"]))).not.toThrow();
  expect(() => verify(own, short(tracks))).toThrow("stream_0.m3u8: it is 6.0 s long but the source says 10.0 s");
  expect(() => verify({ ...own, durationSeconds: undefined }, short(tracks))).not.toThrow();
});
