import { expect, test } from "bun:test";
import { source } from "#tests/support/plan-sources.ts";
import { anyCapabilities, type Capabilities } from "#worker/ffmpeg/capabilities.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const place = { input: "/source", outputDir: "/out", stem: "out" };
const without = (...names: string[]): Capabilities => ({ ...anyCapabilities, has: (name) => !names.includes(name) });
const planned = (name: string, ffmpeg: Capabilities, transfer?: string) => () =>
  plan(presetNamed(presets, name), source({ transfer }), place, ffmpeg);

const tonePresets = [
  "720p_h264",
  "720p_h265",
  "1080p_av1",
  "720p_vp9",
  "hls_720p_abr",
  "dash_720p",
  "poster",
  "thumbnails",
];

test.each(tonePresets)("an HDR source is refused by name for %s where its filters are missing", (name) => {
  for (const filter of ["zscale", "tonemap"]) {
    const ffmpeg = without(`filter:${filter}`);
    for (const transfer of ["smpte2084", "arib-std-b67"]) {
      const refused = planned(name, ffmpeg, transfer);
      expect(refused).toThrow(expect.objectContaining({ kind: "source_failed" }));
      expect(refused).toThrow(`the source is HDR (${transfer}), and this worker cannot convert it`);
      expect(refused).toThrow(`lacks the filter ${filter}`);
      expect(planned(name, anyCapabilities, transfer)).not.toThrow();
    }
    expect(planned(name, ffmpeg, "bt709")).not.toThrow();
  }
});

test("sound of an HDR source needs no filter", () => {
  expect(planned("audio_aac", without("filter:zscale"), "smpte2084")).not.toThrow();
});

test("an encoder that is missing is named, and the others go on", () => {
  const ffmpeg = without("encoder:libwebp_anim");
  expect(planned("preview", ffmpeg)).toThrow("the preset needs the encoder libwebp_anim");
  expect(planned("preview", ffmpeg)).toThrow(expect.objectContaining({ kind: "encode_failed" }));
  expect(planned("720p_h264", ffmpeg)).not.toThrow();
});

test("a user's own arguments may name a codec instead of an encoder", () => {
  const raw = {
    ...({ name: "own", description: "", output_type: "single", extension: "mp4" } as const),
    ffmpeg_args: ["-c:v", "h264", "-c:a", "copy"],
  };
  const ffmpeg = without("encoder:h264", "encoder:copy");
  expect(() => plan(raw, source(), place, ffmpeg)).not.toThrow();
});
