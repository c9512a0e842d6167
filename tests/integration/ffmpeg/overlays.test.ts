import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Fault } from "#shared/fault.ts";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { outcome } from "#tests/support/outcome.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { run } from "#worker/ffmpeg/run.ts";
import type { FetchedOverlay } from "#worker/overlays/fetched-overlay.ts";
import { readOverlay } from "#worker/overlays/read-overlay.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import type { SinglePreset } from "#worker/presets/single-preset.ts";
import { makeDir, makeOutput, signal, tiny } from "./work.ts";

/** An orange picture of 200x100, of which the left half shows through. */
const logo = "color=c=0xff8800:s=200x100:d=1:r=1,format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*gte(X,100)'";

/** The same as a file of some kind, read as a worker reads what it has fetched. */
async function overlay(
  more: Partial<FetchedOverlay> = {},
  args = ["-frames:v", "1", "-c:v", "png", "-f", "image2"],
  drawn = logo,
) {
  // What a folder may be called must not become a part of a graph of filters.
  const dir = join(await makeDir(), "it's [a], b; c:\\d");
  await Bun.write(join(dir, "none"), "");
  const raw = join(dir, "source");
  await runFfmpeg(["-f", "lavfi", "-i", drawn, ...args, raw]);
  const read = await readOverlay(raw, dir, "overlay.0.url", { signal, spawn: run });
  expect(read.picture).toEqual({ width: 200, height: 100 });
  return { ...more, ...read };
}

const rendition = { crf: 10, maxrate: "9000k", bufsize: "9000k" };
const film: SinglePreset = {
  ...{ name: "film", description: "For tests", output_type: "single", extension: "mp4" },
  video: { ...tiny.video, renditions: [{ size: 180, ...rendition }] },
};
const ladder: SegmentedPreset = {
  ...{ name: "ladder", description: "For tests", output_type: "hls", extension: "" },
  video: {
    ...tiny.video,
    renditions: [
      { size: 180, ...rendition },
      { size: 90, ...rendition },
    ],
  },
  segments: { seconds: 2, format: "fmp4" },
};

const isOrange = ([red, green, blue]: readonly [number, number, number], by = 12) =>
  Math.abs(red - 255) < by && Math.abs(green - 136) < by && blue < by;

const kinds: [string, string[]][] = [
  ["PNG", ["-frames:v", "1", "-c:v", "png", "-f", "image2"]],
  ["WebP", ["-frames:v", "1", "-c:v", "libwebp", "-lossless", "1", "-f", "webp"]],
  ["GIF", ["-frames:v", "1", "-f", "gif"]],
];
test.each(kinds)("a %s lies over the film where it is to lie", async (kind, args) => {
  const laid = await overlay({ position: "top_right", width: "25%", margin: 16 }, args);
  const { dir } = await makeOutput(await clip({ size: "320x180", channels: 0 }), film, undefined, [laid]);
  const picture = await pictureOf(join(dir, "output.mp4"));
  // It is 80x40, and 16 pixels from both edges: from 224 to 304.
  expect(isOrange(picture.at(290 / 320, 36 / 180), kind === "GIF" ? 40 : 12)).toBe(true);
  expect([picture.at(308 / 320, 36 / 180), picture.at(290 / 320, 60 / 180)].some((one) => isOrange(one))).toBe(false);
});

test("overlays lie over each rendition and still alike, for their time, and over HDR", async () => {
  const laid = await overlay({ position: "center", width: 64, opacity: 1, start: 0.5, end: 0.8 });
  const { dir } = await makeOutput(await clip({ size: "320x180", hdr: "pq", channels: 0 }), ladder, undefined, [laid]);
  for (const name of ["stream_0.m3u8", "stream_1.m3u8"]) {
    const at = async (seconds: number) => (await pictureOf(join(dir, name), { seconds })).at(0.55, 0.5);
    expect([isOrange(await at(0), 20), isOrange(await at(0.6), 20), isOrange(await at(0.9), 20)]).toEqual([
      false,
      true,
      false,
    ]);
  }
});

test("an overlay comes and goes while a picture of the source stands", async () => {
  const laid = await overlay({ position: "center", width: 64, start: 0.8, end: 1.2 });
  const slides = join(await makeDir(), "slides.mp4");
  const standing = ["-vf", "select='lt(t,0.4)+gte(t,1.6)'", "-fps_mode", "vfr"];
  await runFfmpeg(["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2", ...standing, "-preset", "ultrafast", slides]);
  const { dir } = await makeOutput(slides, film, undefined, [laid]);
  const at = async (seconds: number) => isOrange((await pictureOf(join(dir, "output.mp4"), { seconds })).at(0.55, 0.5));
  expect([await at(0.7), await at(0.9), await at(1.1), await at(1.3)]).toEqual([false, true, true, false]);
});

/** Red, green and blue in turn, each for a fifth of a second, of so many pictures. A pixel tells these apart. */
function turning(seconds = 0.6, each = 1) {
  const colour = (at: number) => `255*if(X+Y,eq(mod(floor(N/${each}),3),${at}),mod(N,2))`;
  const colours = `r='${colour(0)}':g='${colour(1)}':b='${colour(2)}'`;
  return `color=c=black:s=200x100:d=${seconds}:r=${5 * each},format=rgba,geq=${colours}:a='255*gte(X,100)+2*not(X+Y)'`;
}
const nameOf = (rgb: readonly number[]) => {
  const [first = 0, second = 0] = rgb.toSorted((one, other) => other - one);
  return first - second > 90 ? "RGB".charAt(rgb.indexOf(first)) : "-";
};
/** What is shown in the middle of each fifth of a second, a letter each. */
async function turnsOf(entry: string, count: number) {
  const names: string[] = [];
  for (let at = 0; at < count; at++)
    names.push(nameOf((await pictureOf(entry, { seconds: 0.2 * at + 0.1 })).at(0.55, 0.5)));
  return names.join("");
}
const animated: [string, string[]][] = [
  ["GIF", ["-f", "gif", "-loop", "0"]],
  ["APNG", ["-f", "apng", "-plays", "0"]],
  ["WebP", ["-c:v", "libwebp_anim", "-lossless", "1", "-loop", "0", "-f", "webp"]],
];
test.each(animated)("an animated %s plays again and again, in a ladder and over HDR", async (kind, args) => {
  const asked = { position: "center", width: 64, opacity: 0.9, start: 0.2 } as const;
  const made = await overlay(asked, args, turning()).catch((error: Fault) => error.message);
  if (typeof made === "string") {
    // ffmpeg learned it after 8.0.
    expect(`${kind}: ${made}`).toMatch(/^WebP: .* is an animated WebP, which this worker's ffmpeg cannot read/);
    return;
  }
  expect(made.animation).toEqual({ frames: 3, seconds: expect.closeTo(0.6, 6) });
  const hdr = await clip({ size: "320x180", hdr: "pq", channels: 0, seconds: 2 });
  const { dir } = await makeOutput(hdr, ladder, undefined, [made]);
  // The film itself is blue there.
  expect(await turnsOf(join(dir, "stream_1.m3u8"), 10)).toBe("BRGBRGBRGB");
});

test("an animation plays as often as it says, and one that is large is not kept in memory", async () => {
  const twice = await overlay({ position: "center" }, ["-f", "gif", "-loop", "1"], turning());
  const { dir } = await makeOutput(await clip({ size: "320x180", channels: 0, seconds: 2 }), film, undefined, [twice]);
  expect(await turnsOf(join(dir, "output.mp4"), 10)).toBe("RGBRGBBBBB");
  const many = await overlay({ position: "center", width: "100%" }, ["-f", "apng", "-plays", "0"], turning(1.4, 10));
  expect(many.animation).toEqual({ frames: 70, seconds: expect.closeTo(1.4, 6) });
  const large: SinglePreset = { ...film, video: { ...tiny.video, renditions: [{ size: 360, ...rendition }] } };
  const made = await makeOutput(await clip({ size: "640x360", channels: 0, seconds: 2 }), large, undefined, [many]);
  expect(made.planned.args.join(" ")).toContain(":loop=0,");
  expect(await turnsOf(join(made.dir, "output.mp4"), 10)).toBe("RGBRGBRRGB");
});

const hostile: [string, (path: string) => Promise<unknown>][] = [
  ["a playlist", (path) => Bun.write(path, "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")],
  ["an ffconcat script", (path) => Bun.write(path, "ffconcat version 1.0\nfile /etc/passwd\n")],
  [
    "an SVG",
    (path) => Bun.write(path, '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
  ],
  ["a film", async (path) => Bun.write(path, Bun.file(await clip()))],
  ["a PNG that is cut off", (path) => Bun.write(path, Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"))],
  [
    "a picture that is huge",
    (path) =>
      runFfmpeg([
        "-f",
        "lavfi",
        "-i",
        "color=s=6000x4000:d=1:r=1",
        "-frames:v",
        "1",
        "-c:v",
        "png",
        "-f",
        "image2",
        path,
      ]),
  ],
  [
    "an animated PNG that is cut off",
    async (path) => {
      await runFfmpeg(["-f", "lavfi", "-i", turning(), "-f", "apng", path]);
      const whole = await Bun.file(path).bytes();
      await Bun.write(path, whole.subarray(0, whole.length - 100));
    },
  ],
  ["nothing", (path) => Bun.write(path, "")],
];
test.each(hostile)("%s is no overlay", async (_, make) => {
  const dir = await makeDir();
  await make(join(dir, "source"));
  const read = readOverlay(join(dir, "source"), dir, "overlay.0.url", { signal, spawn: run });
  expect(await outcome(read)).toThrow(/^overlay\.0\.url: (is|cannot)/);
});
