import { expect, test } from "bun:test";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { plan } from "#worker/plan/decide.ts";
import { normalising } from "#worker/plan/loudness.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { packets, source } from "./sources.ts";

const presets = await loadPresets();
const place = { input: "/jobs/source", outputDir: "/jobs/out", stem: "my clip" };
const planned = (name: string, probe = source()) => plan(presetNamed(presets, name), probe, place, anyCapabilities);

test("a movie and its poster come from one decoded source", () => {
  const { args, files } = planned("720p_h264_poster");
  expect(args.filter((arg) => arg === "-i")).toHaveLength(1);
  expect(args.join(" ")).toContain("[0:0]split=2[s0][s1]");
  expect(files.map(({ name }) => name)).toEqual(["output.mp4", "output.poster.jpg"]);
});

test("a poster of a long video looks at keyframes only, where there are enough of them", () => {
  const long = (keyframes: number) =>
    source(
      { packets: packets({ keyframes: Array.from({ length: keyframes }, (_, at) => at) }) },
      { durationSeconds: 600 },
    );
  expect(planned("poster", long(300)).args).toContain("-skip_frame");
  expect(planned("poster", long(1)).args).not.toContain("-skip_frame");
  expect(planned("poster").args).not.toContain("-skip_frame");
});

test("a preview of a long video looks for its moments instead of decoding everything", () => {
  const { args } = planned("preview", source({}, { durationSeconds: 600 }));
  expect(args.filter((_, at) => args[at - 1] === "-ss")).toEqual(["74.500", "224.500", "374.500", "524.500"]);
  expect(args.join(" ")).toContain("[0:0][1:0][2:0][3:0]concat=n=4,split=1[s0]");
  expect(planned("preview").args).not.toContain("-ss");
});

test("a preview of a transport stream decodes everything, because it has no index", () => {
  const { args } = planned("preview", source({}, { format: "mpegts", durationSeconds: 600 }));
  expect(args).not.toContain("-ss");
  expect(args.join(" ")).toContain("between(t,74.500,");
});

test("thumbnails lie in sheets, and the WebVTT names them as they will be called", () => {
  const { entry, files, derived } = planned("thumbnails", source({}, { durationSeconds: 512 }));
  expect(entry).toBe("output.vtt");
  expect(files.map(({ name }) => name)).toEqual(["output.vtt", "output_01.jpg", "output_02.jpg"]);
  const cues = derived?.[0]?.text([]).split("\n\n") ?? [];
  expect(cues).toHaveLength(104);
  expect(cues[1]).toBe("00:00:00.000 --> 00:00:05.000\nmy%20clip_01.jpg#xywh=0,0,160,90");
  expect(cues[12]).toBe("00:00:55.000 --> 00:01:00.000\nmy%20clip_01.jpg#xywh=160,90,160,90");
  expect(cues[103]).toBe("00:08:30.000 --> 00:08:32.000\nmy%20clip_02.jpg#xywh=320,0,160,90\n");
});

test("sound is measured before it is made louder", () => {
  const { analysis, args } = planned("audio_aac_normalised");
  expect(analysis?.args.join(" ")).toContain("-af loudnorm=I=-16:TP=-1.5:LRA=11:print_format=json -f null -");
  expect(analysis?.args).toContain("info");
  expect(args.join(" ")).not.toContain("loudnorm");
  const words = `[Parsed_loudnorm_0]\n{"input_i": "-21.80", "input_tp": "-12.71", "input_lra": "0.10",
    "input_thresh": "-31.80", "target_offset": "-0.03"}`;
  const settings =
    "measured_I=-21.8:measured_TP=-12.71:measured_LRA=0.1:measured_thresh=-31.8:offset=-0.03:linear=true";
  expect(analysis?.planWith(words).args.join(" ")).toContain(`,loudnorm=I=-16:TP=-1.5:LRA=11:${settings},`);
});

test.each([["nothing"], ['{"input_i": "-inf", "input_tp": "-inf"}']])("silence stays as it is: %s", (words) => {
  expect(normalising(-16, words)).toBeUndefined();
});

test("a preset of sound refuses a silent source", () => {
  expect(() => planned("audio_mp3", source({}, { audio: [] }))).toThrow("no audio, and preset audio_mp3 needs some");
});
