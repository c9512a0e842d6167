import { expect } from "bun:test";
import { join } from "node:path";
import { runFfmpeg } from "#tests/support/clips.ts";
import { aac, beep, ffmpegMakes, flash, h264, mono, plain, voices } from "#tests/support/footage.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { type Film, type Kind, type Made, seconds, tracksOf } from "../kind.ts";

const both = (length = 6) => [...flash({ seconds: length }), ...beep({ seconds: length })];
const marked: Film = { pictures: 150, rate: 25, size: "128x72", flashes: seconds(6), beeps: seconds(6) };
const memo = { seconds: 4, beeps: seconds(4) };

/** A still picture beside a film. */
const cover = async (folder: string, size: string) => {
  const path = join(folder, "cover.jpg");
  await runFfmpeg([...plain("red", size, 1), "-frames:v", "1", path]);
  return path;
};
const mapped = (at: number) => ["-map", "0:v", "-map", `${at}:v`, "-map", `${at + 1}:a`];
const isFilm = { and: "the film is the picture", also: isNotRed };
async function isNotRed(made: Made) {
  const [red] = (await pictureOf(tracksOf(made).pictures[0] ?? "", { seconds: 0.5 })).at(0.5, 0.5);
  expect(red).toBeLessThan(30);
}

export const tracks: readonly Kind[] = [
  {
    kind: "70 streams (MPEG-TS)",
    container: "ts",
    make: ffmpegMakes(
      flash({ seconds: 3 }),
      beep({ seconds: 3, ...mono }),
      ["-map", "0:v"],
      Array(69).fill(["-map", "1:a"]).flat(),
      h264,
      ["-c:a", "mp2", "-b:a", "32k"],
    ),
    expected: { ...marked, pictures: 75, flashes: seconds(3), beeps: seconds(3) },
  },
  {
    kind: "two programs (MPEG-TS)",
    container: "ts",
    make: ffmpegMakes(
      flash({ seconds: 6 }),
      flash({ seconds: 6, size: "320x180" }),
      voices({ seconds: 6, each: ["0"], layout: "mono" }),
      beep({ seconds: 6 }),
      ["-map", "0:v", "-map", "1:v", "-map", "2:a", "-map", "3:a", ...h264, ...aac],
      ["-program", "title=one:st=0:st=2", "-program", "title=two:st=1:st=3"],
    ),
    expected: { ...marked, and: "the sound is that of the picture's program" },
  },
  {
    kind: "80 fonts beside the film (Matroska)",
    container: "mkv",
    make: async (file, folder) => {
      const font = join(folder, "font.ttf");
      await Bun.write(font, new Uint8Array(200));
      const fonts = Array.from({ length: 80 }, (_, at) => [
        ...["-attach", font, `-metadata:s:t:${at}`, "mimetype=application/x-truetype-font"],
        ...[`-metadata:s:t:${at}`, `filename=${at}.ttf`],
      ]);
      await runFfmpeg([...both(), ...h264, ...aac, ...fonts.flat(), file]);
    },
    expected: marked,
  },
  {
    kind: "a still picture as the first track, not marked as a cover (Matroska)",
    container: "mkv",
    make: async (file, folder) =>
      runFfmpeg([
        ...["-i", await cover(folder, "160x120"), ...both(), ...mapped(1)],
        ...["-c:v:0", "copy", "-c:v:1", "libx264", "-pix_fmt:v:1", "yuv420p", ...aac],
        ...["-disposition:v:0", "0", "-disposition:v:1", "default", file],
      ]),
    expected: { ...marked, ...isFilm },
  },
  {
    kind: "a larger still picture that is the default track (Matroska)",
    container: "mkv",
    make: async (file, folder) =>
      runFfmpeg([
        ...["-i", await cover(folder, "640x480"), ...both(), ...mapped(1)],
        ...["-c:v:0", "copy", "-c:v:1", "libx264", "-pix_fmt:v:1", "yuv420p", ...aac],
        ...["-disposition:v:0", "default", "-disposition:v:1", "0", file],
      ]),
    expected: { ...marked, ...isFilm },
  },
  {
    kind: "a film with a cover (Matroska)",
    container: "mkv",
    make: async (file, folder) => {
      const attached = ["-attach", await cover(folder, "600x600"), "-metadata:s:t", "mimetype=image/jpeg"];
      await runFfmpeg([...both(), ...h264, ...aac, ...attached, "-metadata:s:t", "filename=cover.jpg", file]);
    },
    expected: { ...marked, ...isFilm },
  },
  {
    kind: "a song with a cover (M4A)",
    container: "m4a",
    make: async (file, folder) => {
      const picture = ["-i", await cover(folder, "600x600"), "-map", "0:a", "-map", "1:v", "-c:v", "copy"];
      await runFfmpeg([...beep({ seconds: 4 }), ...picture, "-disposition:v", "attached_pic", ...aac, file]);
    },
    expected: { ...memo, and: "a preset of pictures is refused: it has no video" },
  },
];
