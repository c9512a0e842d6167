import { expect, test } from "bun:test";
import { initSegment } from "#tests/support/fmp4-boxes.ts";
import { source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { withMeasured } from "#worker/manifests/measure.ts";
import { hlsTracks } from "#worker/manifests/tracks.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import type { OutputFile } from "#worker/verify/output-file.ts";
import type { SegmentTrack } from "#worker/verify/segment-track.ts";
import { verify } from "#worker/verify/verify.ts";

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

const initOf = {
  video: { probe: video, head: initSegment({ id: 1, handler: "vide", timescale: 24_000 }) },
  audio: { probe: audio, head: initSegment({ id: 1, handler: "soun", timescale: 48_000 }) },
};

/** What a segment of pictures at 24 a second holds from one second on. */
function pictures(from: number, seconds = 0, changes: Partial<SegmentTrack> = {}): SegmentTrack {
  const [first, last] = [from * 24_000, (from + seconds) * 24_000 - 1_000];
  const times = { firstDecoded: first, lastDecoded: last, firstShown: first, lastShown: last };
  return { id: 1, kind: undefined, count: seconds * 24, ...times, backwards: 0, ...changes };
}

function sound(from: number, seconds = 0, changes: Partial<SegmentTrack> = {}): SegmentTrack {
  const [first, last] = [from * 48_000, (from + seconds) * 48_000 - 1_024];
  const times = { firstDecoded: first, lastDecoded: last, firstShown: first, lastShown: last };
  return { id: 1, kind: undefined, count: Math.round((seconds * 48_000) / 1_024), ...times, backwards: 0, ...changes };
}

const text = (name: string, content: string): OutputFile => ({ name, bytes: content.length, text: content });

/** What a good encode leaves, with some files replaced, and those without content left out. */
function output(changes: Record<string, Partial<OutputFile> | undefined> = {}): OutputFile[] {
  const files = [
    text("master.m3u8", planned.derived?.[0]?.text([]) ?? ""),
    ...tracks.flatMap((track) => [
      text(`stream_${track}.m3u8`, playlist(track, lengths)),
      { name: `init_${track}.mp4`, bytes: 800, ...(track === "audio" ? initOf.audio : initOf.video) },
      ...lengths.map((_, at) => ({
        name: `segment_${track}_00${at}.m4s`,
        bytes: 1_000,
        contents: [track === "audio" ? sound(at * 6, lengths[at]) : pictures(at * 6, lengths[at])],
      })),
    ]),
  ];
  const changed = files.flatMap((file) => {
    if (!(file.name in changes)) return [file];
    const change = changes[file.name];
    return change ? [{ ...file, ...change }] : [];
  });
  return "master.m3u8" in changes ? changed : measured(changed);
}

/** The same with a master playlist that says what the media need. */
function measured(files: readonly OutputFile[]): OutputFile[] {
  const find = (name: string) => files.find((file) => file.name === name);
  const tracks = hlsTracks("master.m3u8", (name) => find(name)?.text);
  const master = find("master.m3u8")?.text ?? "";
  const known = {
    sizeOf: (name: string) => find(name)?.bytes,
    headOf: (name: string) => find(name)?.head,
    contentsOf: (name: string) => find(name)?.contents,
  };
  const text = withMeasured("master.m3u8", master, tracks, known);
  return files.map((file) => (file.name === "master.m3u8" ? { ...file, text } : file));
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

test.each<[string, Record<string, OutputFile["contents"]>, string]>([
  ["what is no media", { "segment_0_001.m4s": undefined }, "segment_0_001.m4s: it cannot be read as media"],
  [
    "a lost picture",
    { "segment_0_001.m4s": [pictures(6, 4, { count: 95 })] },
    "stream_0.m3u8: its segments hold 239 pictures instead of 240",
  ],
  [
    "pictures that are decoded out of order",
    { "segment_1_001.m4s": [pictures(6, 4, { backwards: 2 })] },
    "segment_1_001.m4s: 2 of its pictures do not come after the one before",
  ],
  [
    "segments that overlap",
    { "segment_audio_001.m4s": [sound(5.9, 4.1)] },
    "segment_audio_001.m4s: its frames of sound do not come after those of the segment before",
  ],
  [
    "pictures with the times of other moments",
    { "segment_0_001.m4s": [pictures(7, 4)], "segment_1_001.m4s": [pictures(7, 4)] },
    "stream_0.m3u8: its pictures last until 11.00 s instead of 10.00 s",
  ],
  [
    "sound that comes twice, whatever its times",
    { "segment_audio_001.m4s": [sound(6, 4, { count: 380 })] },
    "stream_audio.m3u8: its segments hold sound until 14.10 s instead of 10.00 s",
  ],
  [
    "another track",
    { "segment_audio_000.m4s": [sound(0, 6, { id: 2 })] },
    "stream_audio.m3u8: its segments hold sound",
  ],
])("refuses segments that hold %s", (_, contents, problem) => {
  const changes = Object.fromEntries(Object.entries(contents).map(([name, of]) => [name, { contents: of }]));
  expect(() => verify(planned, output(changes))).toThrow(problem);
});

test("captions of the source are in the pictures of every rendition", () => {
  const captioned: typeof planned = { ...planned, captions: ["CC1"] };
  const hold = (...names: readonly string[]) =>
    output(Object.fromEntries(names.map((name) => [name, { hasCaptions: true }])));
  expect(() => verify(captioned, hold("segment_0_000.m4s", "segment_1_001.m4s"))).not.toThrow();
  expect(() => verify(captioned, hold("segment_0_000.m4s"))).toThrow(
    "stream_1.m3u8: the source's closed captions (CC1) are not in its pictures",
  );
});

test("renditions are as long as each other where nobody knew how long that would be", () => {
  const tracks = planned.segments?.tracks.map(({ seconds: _, ...track }) => {
    const { frames: __, ...rest } = "frames" in track ? track : { ...track, frames: 0 };
    return rest;
  });
  const unknown = { ...planned, durationSeconds: undefined, segments: { seconds: 6, tracks: tracks ?? [] } };
  expect(() => verify(unknown, output())).not.toThrow();
  const short = output({ "segment_1_001.m4s": { contents: [pictures(6, 4, { count: 95 })] } });
  expect(() => verify(unknown, short)).toThrow(
    "stream_1.m3u8: its segments hold pictures, 239 in 10.00 s, and those of",
  );
  const silent = output({ "segment_audio_001.m4s": { contents: [sound(6, 3)] } });
  expect(() => verify(unknown, silent)).toThrow("stream_audio.m3u8: its segments hold frames of sound, 422 in 9.00 s");
});

test("of what is encrypted for others the words of ffmpeg are held against the plan", () => {
  const hidden = (name: string) => {
    const { text: content = "" } = output().find((file) => file.name === name) ?? {};
    return {
      text: content.replace("#EXT-X-MAP", '#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXT-X-MAP'),
      contents: undefined,
    };
  };
  const names = tracks.map((track) => `stream_${track}.m3u8`);
  const segments = tracks.flatMap((track) => lengths.map((_, at) => `segment_${track}_00${at}.m4s`));
  const files = output(
    Object.fromEntries([
      ...names.map((name) => [name, hidden(name)]),
      ...segments.map((name) => [name, { contents: undefined }]),
    ]),
  );
  const written = (frames: number) => [
    ...[240, frames].map((count) => ({ output: 0, kind: "video" as const, frames: count, samples: 0 })),
    { output: 0, kind: "audio" as const, frames: 469, samples: 480_000 },
  ];
  const report = (frames: number) => ({ read: new Map(), corrupt: new Map(), errors: 0, written: written(frames) });
  expect(() => verify(planned, files, report(240))).not.toThrow();
  expect(() => verify(planned, files, report(239))).toThrow("rendition 1: 239 pictures were encoded instead of 240");
  expect(() => verify(planned, output(), report(239))).not.toThrow();
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
