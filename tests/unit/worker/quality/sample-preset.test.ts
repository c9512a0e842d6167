import { expect, test } from "bun:test";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { forSample, isFilmPreset, withCrfsMoved } from "#worker/quality/sample-preset.ts";

const presets = await loadPresets();
const film = (name: string) => {
  const preset = presetNamed(presets, name);
  if (!isFilmPreset(preset)) throw new Error(`${name} makes no film`);
  return preset;
};

test("presets of sound and of pictures that stand still have no film", () => {
  const names = [...presets.values()].filter((preset) => !isFilmPreset(preset)).map(({ name }) => name);
  expect(names.every((name) => /^(audio_|poster|preview|thumbnails)/.test(name))).toBe(true);
});

test("a sample is encoded with the picture's own settings, and without all else", () => {
  const single = film("720p_h264_poster");
  expect(forSample(single, single.video.renditions)).toEqual({
    ...{ name: single.name, description: single.description, extension: "mp4", output_type: "single" },
    video: single.video,
  });
  const { renditions } = film("hls_720p_abr_subtitles").video;
  expect(forSample(film("hls_720p_abr_subtitles"), renditions)).not.toHaveProperty("subtitles");
  expect(forSample(film("hls_720p_aes128"), renditions)).not.toHaveProperty("segments.encryption");
});

test("a sample keeps the frame that its pictures are in already, and nothing is done to them again", () => {
  const { renditions } = film("hls_720p").video;
  const crop = { x: 0, y: 0, width: 100, height: 100 };
  const framed = { ...film("hls_720p"), picture: { crop, width: 1_080, height: 1_920, background: "red" } };
  expect(forSample(framed, renditions).picture).toEqual({ width: 1_080, height: 1_920 });
  expect(forSample({ ...framed, picture: { crop, rotate: 90 } }, renditions)).not.toHaveProperty("picture");
});

test("all CRFs of a ladder are moved alike, and end where the encoder's do", () => {
  const at = (...crfs: [number, ...number[]]) => {
    const [best, ...others] = crfs.map((crf, number) => ({
      ...{ size: 720 - 100 * number, crf },
      ...{ maxrate: "1k", bufsize: "1k" },
    }));
    if (!best) throw new Error("no rendition");
    return [best, ...others] as const;
  };
  const moved = (by: number, codec: "h264" | "av1") =>
    withCrfsMoved([...at(23, 25, 49)], by, codec).map(({ crf }) => crf);
  expect(moved(3.7, "h264")).toEqual([26.7, 28.7, 51]);
  expect(moved(-24, "h264")).toEqual([0, 1, 25]);
  expect(moved(6, "av1")).toEqual([29, 31, 55]);
});
