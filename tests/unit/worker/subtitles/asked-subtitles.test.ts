import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { Fault, faultIn } from "#shared/fault.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { askedSubtitles, checkSubtitles, modeOf } from "#worker/subtitles/asked-subtitles.ts";

const presets = await loadPresets();
const checkInput = (url: string) => {
  if (url.includes("127.0.0.1")) throw new Fault("invalid", "is a private address");
};
const url = "https://example.com/film.srt";
const fieldsOf = (subtitles: object[], preset = "720p_h264", more: object = {}) =>
  faultIn(() =>
    checkSubtitles(create(JobRequestSchema, { subtitles, ...more }), presetNamed(presets, preset), checkInput),
  )?.fields.map(({ field }) => field);

test("what a peer sends is taken as it was ordered", () => {
  const subtitles = [{ url, language: "de", mode: "embed", forced: false }, { track: "2" }];
  expect(askedSubtitles(create(JobRequestSchema, { subtitles }))).toEqual({
    subtitles: [{ url, language: "de", mode: "embed", forced: false }, { track: 2 }],
  });
  expect(askedSubtitles(create(JobRequestSchema, {}))).toEqual({});
});

test("values that are none are refused by their field", () => {
  expect(fieldsOf([{}])).toEqual(["subtitles.0.url"]);
  expect(fieldsOf([{ url, track: "1" }])).toEqual(["subtitles.0.url"]);
  expect(fieldsOf([{ url: "upload:01a22dd8-8f8f-7100-9520-dcebba34de71@acme" }])).toEqual(["subtitles.0.url"]);
  expect(fieldsOf([{ url, language: "de:movie=/etc/passwd" }])).toEqual(["subtitles.0.language"]);
  expect(fieldsOf([{ track: "0:s" }])).toEqual(["subtitles.0.track"]);
  expect(fieldsOf([{ url, name: "a\nb" }])).toEqual(["subtitles.0.name"]);
  expect(fieldsOf([{ url, name: "a".repeat(65) }])).toEqual(["subtitles.0.name"]);
  expect(fieldsOf([{ url, mode: "paint" }])).toEqual(["subtitles.0.mode"]);
  expect(fieldsOf(Array(2).fill({ url, default: true }))).toEqual(["subtitles.1.default"]);
  expect(fieldsOf(Array(9).fill({ url }))).toEqual(["subtitles"]);
});

test("what may not be fetched, and presets without a film, are refused", () => {
  expect(fieldsOf([{ url: "http://127.0.0.1/a.srt" }])).toContain("subtitles.0.url");
  expect(fieldsOf([{ url }], "audio_aac")).toEqual(["subtitles"]);
  expect(fieldsOf([{ url }], "poster")).toEqual(["subtitles"]);
});

test("what a preset cannot show so is refused by the mode, and a track where there are several sources", () => {
  expect(fieldsOf([{ url }, { track: "2" }])).toBeUndefined();
  expect(fieldsOf([{ url }], "hls_720p")).toBeUndefined();
  expect(fieldsOf([{ url, mode: "render" }])).toEqual(["subtitles.0.mode"]);
  expect(fieldsOf([{ url }, { url, mode: "embed" }], "dash_720p")).toEqual(["subtitles.1.mode"]);
  const inputs = [{ url: "https://example.com/a.mp4" }, { url: "https://example.com/b.mp4" }];
  expect(fieldsOf([{ url }, { track: "de" }], "720p_h264", { inputs })).toEqual(["subtitles.1.track"]);
});

test("one file holds them, and segments have them as renditions", () => {
  expect(modeOf({}, { output_type: "single" })).toBe("embed");
  expect(modeOf({}, { output_type: "cmaf" })).toBe("render");
  expect(modeOf({ mode: "burn" }, { output_type: "hls" })).toBe("burn");
});
