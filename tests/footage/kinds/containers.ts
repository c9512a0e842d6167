import { expect } from "bun:test";
import { join } from "node:path";
import { tiny } from "#tests/integration/ffmpeg/work.ts";
import { runFfmpeg } from "#tests/support/clips.ts";
import {
  aac,
  beep,
  ffmpegMakes,
  flash,
  h264,
  h264B,
  mono,
  motion,
  patched,
  plain,
  voices,
  vp8,
} from "#tests/support/footage.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { type Film, type Kind, type Made, seconds, tracksOf } from "../kind.ts";

const both = (length = 6) => [...flash({ seconds: length }), ...beep({ seconds: length })];
const marked: Film = { pictures: 150, rate: 25, size: "128x72", flashes: seconds(6), beeps: seconds(6) };
const silent: Film = { pictures: 30, rate: 10, size: "128x72", isSilent: true };
const raw: Film = { pictures: 50, rate: 25, size: "128x72", isSilent: true };
const memo = { seconds: 4, beeps: seconds(4) };
const hevc = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p"];

/** The lengths that a recorder wrote into a WAV header before it knew them, or never came back to. */
const sized = (riff: number, data: number) => (bytes: Buffer) => {
  bytes.writeUInt32LE(riff, 4);
  bytes.writeUInt32LE(data, bytes.indexOf("data") + 4);
  return bytes;
};
const wav = ffmpegMakes(beep({ seconds: 4 }));

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

export const containers: readonly Kind[] = [
  { kind: "GIF", container: "gif", make: ffmpegMakes(motion(3, "160x90", 10)), expected: silent },
  { kind: "APNG", container: "apng", make: ffmpegMakes(motion(3, "160x90", 10), ["-plays", "0"]), expected: silent },
  { kind: "AIFF", container: "aiff", make: wav, expected: memo },
  { kind: "CAF (ALAC)", container: "caf", make: ffmpegMakes(beep({ seconds: 4 }), ["-c:a", "alac"]), expected: memo },
  {
    kind: "AC-3 without a container",
    container: "ac3",
    make: ffmpegMakes(beep({ seconds: 4, channels: 6, layout: "5.1" }), ["-c:a", "ac3"]),
    expected: memo,
  },
  { kind: "FLAC", container: "flac", make: wav, expected: memo },
  { kind: "AAC without a container (ADTS)", container: "aac", make: wav, expected: memo },
  {
    kind: "WAV of 8 bits (22 kHz)",
    container: "wav",
    make: ffmpegMakes(beep({ seconds: 4, rate: 22_050, ...mono }), ["-c:a", "pcm_u8"]),
    expected: memo,
  },
  {
    kind: "WAV (IMA ADPCM)",
    container: "wav",
    make: ffmpegMakes(beep({ seconds: 4, rate: 22_050, ...mono }), ["-c:a", "adpcm_ima_wav"]),
    expected: memo,
  },
  {
    kind: "WAV whose header knows half of its sound",
    container: "wav",
    make: patched(wav, sized(384_036, 384_000)),
    expected: memo,
  },
  { kind: "WAV whose header says 0", container: "wav", make: patched(wav, sized(0, 0)), expected: memo },
  {
    kind: "WAV whose header says that its length is unknown (streamed)",
    container: "wav",
    make: patched(wav, sized(0xffff_ffff, 0xffff_ffff)),
    expected: memo,
  },
  {
    kind: "raw DV (PAL)",
    container: "dv",
    make: ffmpegMakes(flash({ seconds: 2, size: "720x576" }), beep({ seconds: 2 }), ["-target", "pal-dv"]),
    expected: { pictures: 50, rate: 25, flashes: seconds(2), beeps: seconds(2), presets: [tiny] },
  },
  { kind: "IVF (VP8)", container: "ivf", make: ffmpegMakes(motion(2), vp8), expected: raw },
  { kind: "raw H.264", container: "h264", make: ffmpegMakes(motion(2), h264), expected: raw },
  { kind: "raw H.264 with B-frames", container: "h264", make: ffmpegMakes(motion(2), h264B), expected: raw },
  { kind: "raw H.265", container: "hevc", make: ffmpegMakes(motion(2), hevc), expected: raw },
  {
    kind: "NUT (MPEG-4 and MP3)",
    container: "nut",
    make: ffmpegMakes(both(), ["-c:v", "mpeg4", "-q:v", "3", "-c:a", "libmp3lame"]),
    expected: marked,
  },
  {
    kind: "AVI (MPEG-4 with B-frames and MP3)",
    container: "avi",
    make: ffmpegMakes(both(), ["-c:v", "mpeg4", "-bf", "2", "-q:v", "3", "-c:a", "libmp3lame"]),
    expected: marked,
  },
  {
    kind: "WMV and WMA",
    container: "wmv",
    // The first frame of WMA is lost in decoding.
    make: ffmpegMakes(flash({ seconds: 6 }), beep({ seconds: 6, from: 1 }), [
      "-c:v",
      "wmv2",
      "-q:v",
      "3",
      "-c:a",
      "wmav2",
    ]),
    expected: { ...marked, beeps: seconds(6, 1) },
  },
  {
    kind: "Ogg (Theora and Vorbis)",
    container: "ogv",
    make: ffmpegMakes(flash({ seconds: 6, size: "160x96" }), beep({ seconds: 6 }), [
      "-c:v",
      "libtheora",
      "-q:v",
      "6",
      "-c:a",
      "libvorbis",
    ]),
    expected: { ...marked, size: "120x72" },
  },
  {
    kind: "MPEG program stream (MPEG-2 and MP2)",
    container: "mpg",
    make: ffmpegMakes(both(), ["-c:v", "mpeg2video", "-q:v", "4", "-c:a", "mp2", "-f", "vob"]),
    expected: marked,
  },
  {
    kind: "MXF (MPEG-2 and PCM)",
    container: "mxf",
    make: ffmpegMakes(both(), ["-c:v", "mpeg2video", "-q:v", "4", "-c:a", "pcm_s16le"]),
    expected: marked,
  },
  {
    kind: "QuickTime (ProRes and 24-bit PCM of 96 kHz)",
    container: "mov",
    make: ffmpegMakes(flash({ seconds: 2 }), beep({ seconds: 2, rate: 96_000 }), [
      "-c:v",
      "prores_ks",
      "-c:a",
      "pcm_s24le",
    ]),
    expected: { ...marked, pictures: 50, flashes: seconds(2), beeps: seconds(2) },
  },
  {
    kind: "M2TS (Blu-ray)",
    container: "m2ts",
    make: ffmpegMakes(both(), h264, ["-c:a", "ac3", "-mpegts_m2ts_mode", "1"]),
    expected: marked,
  },
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
