import { expect, test } from "bun:test";
import { faultIn } from "#shared/fault.ts";
import { source } from "#tests/support/plan-sources.ts";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { withTracks } from "#worker/plan/chosen-tracks.ts";
import { presetFor } from "#worker/presets/for-order.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const preset = presetNamed(await loadPresets(), "hls_720p_abr");
const track = (number: number, language?: string, found = {}) => ({
  ...{ index: number + 1, number, codec: "aac", channels: 2, language },
  ...purposeOf(found),
});
const comment = { disposition: { comment: 1 } };

/** As `examine` tells them: a commentary, which is the file's first, behind the film's own; one codec is unknown. */
const film = source({}, { audio: [track(1, "eng"), track(2, "ger"), track(4), track(0, "en-GB", comment)] });
const chosen = (tracks: (string | number)[], probe = film) =>
  withTracks(presetFor({ audio: { tracks } }, preset), probe).audio.map(({ number }) => number);

test.each([
  [
    ["de", "en"],
    [2, 1],
  ],
  [["ger"], [2]],
  [["deu"], [2]],
  [["en-US"], [1]],
  [
    ["eng", 0],
    [1, 0],
  ],
  [
    [4, 0],
    [4, 0],
  ],
])("%p are sounds %p, the film's own before those that comment it", (tracks, numbers) => {
  expect(chosen(tracks)).toEqual(numbers);
});

test("a track that is named twice is there once", () => {
  expect(chosen(["en", 1, "eng", 2])).toEqual([1, 2]);
});

test.each([
  [
    ["fr"],
    'tracks.0: the source has no sound in "fr": it has number 0 (en, commentary), number 1 (en), number 2 (de), number 4 (no language)',
  ],
  [["en", 3], "tracks.1: the source has no sound number 3: it has number 0 (en, commentary)"],
  [["und"], 'tracks.0: the source has no sound in "und"'],
])("%p are refused by what the source has", (tracks, message) => {
  const fault = faultIn(() => chosen(tracks));
  expect(fault?.kind).toBe("invalid");
  expect(fault?.fields.map(({ field, message }) => `${field}: ${message}`)[0]).toStartWith(`audio.${message}`);
});

test("a silent source has none, and without a choice a source stays as it is", () => {
  expect(faultIn(() => chosen([0], source({}, { audio: [] })))?.fields[0]?.message).toBe("the source has no sound");
  expect(withTracks(preset, film)).toBe(film);
});
