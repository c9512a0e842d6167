import { expect, test } from "bun:test";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { embeddedInputs, embeddedTracks, expectedTexts, withSubtitles } from "#worker/plan/ordered-subtitles.ts";
import type { FetchedSubtitle } from "#worker/subtitles/fetched-subtitle.ts";

const probe: Probe = {
  ...{ format: "mov", durationSeconds: 1, video: undefined, videos: [], audio: [], programs: [] },
  subtitles: [],
};
const place = { input: "/in", outputDir: "/out", stem: "x" };
const text = "WEBVTT\n\n00:00.000 --> 00:01.000\na\n";
const one = (
  more: Partial<Pick<FetchedSubtitle, "mode" | "name" | "isForced" | "isDefault">> = {},
): FetchedSubtitle => ({
  ...{
    path: "/s/shown_0.srt",
    codec: "subrip",
    text,
    language: "de",
    mode: "embed",
    isForced: false,
    isDefault: false,
  },
  ...more,
});

test("what is rendered stands for all subtitles of the source", () => {
  const rendered = withSubtitles(probe, {
    ...place,
    subtitles: [one({ mode: "render", name: "Deutsch", isForced: true })],
  });
  expect(rendered.subtitles).toMatchObject([
    { codec: "webvtt", language: "de", title: "Deutsch", text, disposition: { isForced: true } },
  ]);
  expect(withSubtitles(probe, { ...place, subtitles: [] }).subtitles).toEqual([]);
});

test("what is drawn leaves the source's as they are", () => {
  expect(withSubtitles(probe, { ...place, subtitles: [one({ mode: "burn" })] })).toBe(probe);
  expect(withSubtitles(probe, place)).toBe(probe);
});

test("what is embedded is an input of its own, with nothing else to be opened by it", () => {
  const subtitles = [one(), one({ isDefault: true, isForced: true, name: "a,b:c" })];
  expect(embeddedInputs({ subtitles }).slice(0, 8)).toEqual([
    ...["-protocol_whitelist", "file", "-format_whitelist", "srt", "-f", "srt", "-i", "/s/shown_0.srt"],
  ]);
  expect(embeddedTracks({ subtitles }, 3, "mp4")).toEqual([
    ...["-map", "3:s:0", "-c:s:0", "mov_text", "-metadata:s:s:0", "language=deu", "-metadata:s:s:0", "title=German"],
    ...["-metadata:s:s:0", "handler_name=German", "-disposition:s:0", "0"],
    ...["-map", "4:s:0", "-c:s:1", "mov_text", "-metadata:s:s:1", "language=deu", "-metadata:s:s:1", "title=a,b:c"],
    ...["-metadata:s:s:1", "handler_name=a,b:c", "-disposition:s:1", "default+forced"],
  ]);
  expect(expectedTexts({ subtitles: [one()] }, "webm")).toEqual({
    texts: [{ codec: "webvtt", language: "ger", cues: 1, isForced: false, isDefault: false }],
  });
  expect(expectedTexts({}, "mp4")).toEqual({});
});
