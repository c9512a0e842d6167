import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Kind } from "#tests/footage/kind.ts";
import { colour, poster } from "#tests/footage/kinds/colour.ts";
import { hdr } from "#tests/footage/kinds/hdr.ts";
import { shape } from "#tests/footage/kinds/shape.ts";
import { sound } from "#tests/footage/kinds/sound.ts";
import { clip } from "#tests/support/clips.ts";
import { ffmpegMakes, footage, h264, motion, oneKeyframe } from "#tests/support/footage.ts";
import { outcome } from "#tests/support/outcome.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { run, type Spawn } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { measureEntries } from "#worker/manifests/measure.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Preset, SegmentedPreset } from "#worker/presets/schema.ts";
import type { SinglePreset } from "#worker/presets/single-preset.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { comparePictures } from "#worker/verify/pictures/compare.ts";
import { makeSegmentInspector } from "#worker/verify/segment-inspector.ts";
import { verify } from "#worker/verify/verify.ts";
import { makeDir, makeOutput, signal, tiny } from "./work.ts";

const kinds = { colour, hdr, shape, sound };

async function sourceNamed(topic: keyof typeof kinds, name: string): Promise<string> {
  const kind = kinds[topic].find((one: Kind) => one.kind === name);
  if (!kind) throw new Error(`there is no kind ${name}`);
  const text = await Bun.file(`${import.meta.dir}/../../footage/kinds/${topic}.ts`).text();
  return footage(kind.make, kind.container, [kind.kind, text]);
}

const nothing = /$^/g;

/** Encodes with a decision of the plan undone, which all that rests on the plan accepts, and tells how the rest ends. */
async function encodedOtherwise(input: string, preset: Preset, decision: RegExp, otherwise = "") {
  const source = await examine(input, { signal });
  const place = { input, outputDir: await makeDir(), stem: "clip" };
  const planned = plan(preset, source, place, await probeCapabilities().capabilities);
  const args = planned.args.map((arg) => arg.replaceAll(decision, otherwise));
  if (decision !== nothing) expect(args).not.toEqual(planned.args);
  const report = await runPlan({ ...planned, args }, { signal, stallMs: 60_000 });
  await measureEntries(planned, { inspector: makeSegmentInspector(planned) });
  const files = await inspectOutputs(planned, place.outputDir, signal);
  const compared = (spawn = run) => comparePictures({ plan: planned, files, report, source, input }, { signal, spawn });
  return { check: () => verify(planned, files, report, source), compared: (spawn?: Spawn) => outcome(compared(spawn)) };
}

const fine = { crf: 12, maxrate: "9000k", bufsize: "9000k" };
const film = { ...tiny, video: { ...tiny.video, renditions: [{ size: 360, ...fine }] } } satisfies SinglePreset;
const ladder: SegmentedPreset = {
  ...{ name: "ladder", description: "For tests", output_type: "hls", extension: "" },
  video: {
    ...film.video,
    renditions: [
      { size: 360, ...fine },
      { size: 180, ...fine },
    ],
  },
  audio: tiny.audio,
  segments: { seconds: 2, format: "mpegts" },
};
const thumbnails: SinglePreset = {
  ...{ name: "thumbnails", description: "For tests", output_type: "single", extension: "vtt" },
  thumbnails: { width: 320, every_seconds: 1, columns: 2, rows: 1 },
};
const otherColours = "its colours are not those of the source";
const otherPicture = "s is not that of the source";

test.each([film, ladder])(
  "pictures of a source and of all its outputs are decoded by one process: $name",
  async (preset) => {
    const { compared } = await encodedOtherwise(await clip({ seconds: 2, size: "640x360" }), preset, nothing);
    let started = 0;
    const spawn: Spawn = (command) => {
      started += 1;
      return run(command);
    };
    expect((await compared(spawn))()).toBeUndefined();
    expect(started).toBe(1);
  },
);

const mistakes: readonly [string, () => Promise<string>, Preset, RegExp, string, string][] = [
  ...[film, ladder].flatMap((preset): typeof mistakes => [
    [
      `RGB is converted by BT.601 in ${preset.name}`,
      () => sourceNamed("colour", "RGB, as screens are recorded (H.264)"),
      ...([preset, /out_color_matrix=bt709/g, "out_color_matrix=bt601", otherColours] as const),
    ],
    [
      `what says BT.601 is read by BT.709 in ${preset.name}`,
      () => sourceNamed("colour", "HD that says BT.601"),
      ...([preset, /in_color_matrix=\w+/g, "in_color_matrix=bt709", otherColours] as const),
    ],
    [
      `PQ of BT.709 primaries is read by those of BT.2020 in ${preset.name}`,
      () => sourceNamed("hdr", "PQ of BT.709 primaries (games)"),
      ...([preset, /pin=bt709/g, "pin=bt2020", otherColours] as const),
    ],
    [
      `the first shape of pixels stays in ${preset.name}`,
      () => sourceNamed("shape", "pixels go from 4:3 to 16:9 in one size (MPEG-2 in MPEG-TS)"),
      ...([preset, /\+\([\d.]+\)\*gte\(t,[\d.]+\)/g, "", otherPicture] as const),
    ],
    [
      `an upright picture is made as wide as the others in ${preset.name}`,
      () => sourceNamed("shape", "the picture turns upright on the way (WebM)"),
      ...([preset, /w='[^']*min\((\d+),(\d+)\*[^']*':h='[^']*':flags/g, "w=$1:h=$2:flags", otherPicture] as const),
    ],
  ]),
  [
    "the wrong side is up in film",
    () => clip({ seconds: 2, size: "640x360" }),
    ...([{ ...film, picture: { rotate: 180 } }, /hflip,vflip,/g, "", otherPicture] as const),
  ],
  [
    "another part is cut out in film",
    () => clip({ seconds: 2, size: "640x360" }),
    ...([
      { ...film, picture: { crop: { x: 0, y: 0, width: 320, height: 360 } } },
      /x=0:y=0/g,
      "x=320:y=0",
      otherPicture,
    ] as const),
  ],
  [
    "a poster is written by BT.709",
    () => sourceNamed("colour", "BT.709"),
    ...([poster, /out_color_matrix=\w+/g, "out_color_matrix=bt709", otherColours] as const),
  ],
  [
    "thumbnails are written by BT.709",
    () => sourceNamed("colour", "BT.709"),
    ...([thumbnails, /out_color_matrix=\w+/g, "out_color_matrix=bt709", otherColours] as const),
  ],
];

test.each(mistakes)("pictures are seen to be wrong when %s", async (_, source, preset, decision, otherwise, words) => {
  const { check, compared } = await encodedOtherwise(await source(), preset, decision, otherwise);
  expect(check).not.toThrow();
  expect(await compared()).toThrow(words);
});

/** Black for 2 s, then a picture that becomes another one each second. */
const changing = ffmpegMakes(motion(130, "160x90", 5), [
  ...["-vf", "drawbox=c=black:t=fill:enable='lt(t,2)',hue=b='if(lt(t,2),0,4*mod(floor(t),2)-2)'"],
  ...[...h264, ...oneKeyframe],
]);

test("a poster is seen to be black where the source has other pictures", async () => {
  const input = await footage(changing, "mp4", "changing");
  const decision = /blackframe=.*?:function=less/g;
  const first = await encodedOtherwise(input, poster, decision, "trim=end=1");
  expect(first.check).not.toThrow();
  expect(await first.compared()).toThrow("output.jpg: it is black, and the source at 13.00 s is not");
});

test("a preview is seen to be of other moments", async () => {
  const input = await footage(changing, "mp4", "changing");
  const preview: SinglePreset = {
    ...{ name: "preview", description: "For tests", output_type: "single", extension: "webp" },
    preview: { size: 90, seconds: 2, moments: 2, rate: 2, format: "webp" },
  };
  const shifted = await encodedOtherwise(input, preview, /^32\.000$/g, "33.000");
  expect(shifted.check).not.toThrow();
  expect(await shifted.compared()).toThrow(`output.webp: its picture at 32.00 ${otherPicture}`);
});

test("a mix is heard to be above full scale", async () => {
  const input = await sourceNamed("sound", "5.1 at full scale");
  for (const preset of [film, ladder]) {
    const { check } = await encodedOtherwise(input, preset, /alimiter=[^,]*,/g);
    expect(check).toThrow(/its sound is mixed down to \d\.\d dB above full scale/);
  }
});

test("a clip of open groups of pictures is not held against what lies behind its end", async () => {
  const open = ["-x264-params", "open-gop=1:keyint=50:min-keyint=50:scenecut=0", "-bf", "3", "-pix_fmt", "yuv420p"];
  const input = await footage(ffmpegMakes(motion(10), open), "mp4", ["open groups", open]);
  const made = await makeOutput(input, tiny, { start: 3.04, end: 5.52 });
  expect(made.files[0]?.probe?.video?.packets?.count).toBe(62);
});

test("a thumbnail shows the picture that has stood for long where another one follows at once", async () => {
  // Red for 2 s, then blue: nothing is between.
  const graph = "color=red:s=160x90:r=10:d=3,drawbox=c=blue:t=fill:enable='gte(t,2)',select='not(n)+gte(n,20)'";
  const make = ffmpegMakes(["-f", "lavfi", "-i", graph], ["-fps_mode", "vfr", ...h264]);
  const made = await makeOutput(await footage(make, "mp4", ["standing", graph]), {
    ...film,
    stills: { times: [1.8], size: 720 },
  });
  const picture = await pictureOf(join(made.dir, made.files.find(({ name }) => name.endsWith(".jpg"))?.name ?? ""));
  expect(picture.at(0.5, 0.5)[0]).toBeGreaterThan(200);
});
