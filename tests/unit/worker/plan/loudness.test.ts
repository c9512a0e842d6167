import { expect, test } from "bun:test";
import { planned, source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const place = { input: "/jobs/source", outputDir: "/jobs/out", stem: "my clip" };

/** What a shipped preset comes to that also names a loudness. */
function levelled(name: string, probe = source(), more: object = {}): Plan {
  const preset = presetNamed(presets, name);
  if ("ffmpeg_args" in preset || !preset.audio) throw new Error("no sound");
  return plan({ ...preset, audio: { ...preset.audio, loudness: -16 } }, probe, { ...place, ...more }, anyCapabilities);
}

/** What meters say at their ends, as ffmpeg 9 writes it. */
const said = (...meters: readonly [integrated: string, peak: string][]) =>
  meters.flatMap(([integrated, peak], at) => [
    `[ebur128@loudness${at} @ 0x5587] [info] Summary:`,
    ...["", "  Integrated loudness:", `    I:         ${integrated} LUFS`, "    Threshold: -31.8 LUFS", ""],
    ...["  Loudness range:", "    LRA:         0.1 LU", "    Threshold: -41.8 LUFS", "    LRA low:   -22.0 LUFS", ""],
    ...["  True peak:", `    Peak:      ${peak} dBFS`],
  ]);

const graphOf = ({ analysis }: Plan) => analysis?.args[analysis.args.indexOf("-filter_complex") + 1] ?? "";
const filtersOf = ({ args }: Plan) => args.filter((_, at) => args[at - 1]?.startsWith("-filter:a"));

const [english] = source().audio;
if (!english) throw new Error("no sound");
const surround = { ...english, index: 2, channels: 6, layout: "5.1(side)" };
const twoTracks = source({}, { audio: [english, surround] });

test("sound is measured as it will be mixed, and nothing else is decoded", () => {
  const { analysis, args } = levelled("hls_720p_abr", twoTracks);
  expect(analysis?.args).toContain("level+info");
  expect(analysis?.args.filter((arg) => arg === "-i")).toHaveLength(1);
  expect(graphOf(levelled("hls_720p_abr", twoTracks))).toBe(
    [
      "[0:1]aformat=sample_rates=48000:channel_layouts=stereo,volume=0.00dB,ebur128@loudness0=peak=true:framelog=verbose[heard0]",
      "[0:2]aformat=sample_rates=48000:channel_layouts=stereo,volume=0.00dB,astats@mixed=measure_perchannel=none:measure_overall=Peak_level,ebur128@loudness1=peak=true:framelog=verbose[heard1]",
    ].join(";"),
  );
  expect(args.join(" ")).not.toContain("volume");
});

test("each sound has a gain of its own, and silence has none", () => {
  const finished = levelled("hls_720p_abr", twoTracks).analysis?.planWith(said(["-21.8", "-12.7"], ["-70.0", "-inf"]));
  expect(finished?.analysis).toBeUndefined();
  const [first, second] = finished ? filtersOf(finished) : [];
  expect(first).toStartWith("aformat=sample_rates=48000:channel_layouts=stereo,volume=5.80dB,aresample=48000:async=1");
  expect(second).not.toContain("volume");
  expect(finished?.warnings).toEqual(["sound 2 is silent, or as good as that: it stays as loud as it is"]);
});

test("peaks that would be too high are limited, and only such sounds are measured again", () => {
  const first = levelled("hls_720p_abr", twoTracks);
  const second = first.analysis?.planWith(said(["-21.8", "-12.7"], ["-24.0", "-3.0"]));
  const graph = second ? graphOf(second) : "";
  expect(graph).toStartWith("[0:2]");
  const limited =
    "volume=8.00dB,aresample=192000,alimiter=limit=0.6310:level=0:latency=1,aformat=sample_rates=48000:channel_layouts=stereo,astats@mixed";
  expect(graph).toContain(limited);
  expect(graph).not.toContain("limit=0.7");
  const finished = second?.analysis?.planWith(said(["-16.1", "-4.0"]));
  expect(finished?.analysis).toBeUndefined();
  expect(finished ? filtersOf(finished) : []).toEqual([
    expect.stringContaining("volume=5.80dB"),
    expect.stringContaining(limited),
  ]);
  expect(finished?.warnings).toEqual([]);
});

test("one file is brought to it, too, and what was measured holds for another plan of the same source", () => {
  const finished = levelled("720p_h264").analysis?.planWith(said(["-21.8", "-12.7"]));
  expect(finished ? filtersOf(finished) : []).toEqual([expect.stringContaining(",volume=5.80dB,")]);
  expect(finished?.sound?.args.join(" ")).toContain(",volume=5.80dB,");
  const joined = levelled("720p_h264", source(), { encoded: ["/pieces/0.txt"], gains: finished?.gains });
  expect(joined.analysis).toBeUndefined();
  expect(filtersOf(joined)).toEqual([expect.stringContaining(",volume=5.80dB,")]);
});

test("what has no sound, or none that is still to be encoded, is not measured", () => {
  expect(levelled("720p_h264", source({}, { audio: [] })).analysis).toBeUndefined();
  const encoded = { encoded: ["/pieces/0.txt"], sound: "/pieces/sound.mp4" };
  expect(levelled("720p_h264", source(), encoded).analysis).toBeUndefined();
  expect(planned("audio_aac").analysis).toBeUndefined();
});
