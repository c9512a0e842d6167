import { join } from "node:path";
import { tiny } from "#tests/integration/ffmpeg/work.ts";
import { runFfmpeg } from "#tests/support/clips.ts";
import {
  aac,
  beep,
  concatenated,
  ffmpegMakes,
  flash,
  h264,
  h264B,
  joined,
  mono,
  motion,
  opus,
  patched,
  plain,
  vp8,
} from "#tests/support/footage.ts";
import { type Film, type Kind, seconds } from "../kind.ts";

const marked = (length: number, more: Partial<Film> = {}): Film => ({
  ...{ pictures: length * 25, rate: 25, size: "128x72", flashes: seconds(length), beeps: seconds(length) },
  ...more,
});
const both = (length: number) => [...flash({ seconds: length }), ...beep({ seconds: length })];
const mapped = ["-map", "0:v", "-map", "1:a"];

/** What the file says of its own length, in Matroska's statistics. */
const saying = (length: string) => (bytes: Buffer) =>
  Buffer.from(bytes.toString("latin1").replace(/00:00:06\.\d{9}/g, `${length}.000000000`), "latin1");

const flvDuration = (length: number) => (bytes: Buffer) => {
  bytes.writeDoubleBE(length, bytes.indexOf("duration") + 9);
  return bytes;
};

/** The last picture is on for half a minute, as its duration says. */
const standing = "setts=duration='if(eq(N,149),30/TB,DURATION)'";
const still = async (folder: string) => {
  const path = join(folder, "moving.mp4");
  await runFfmpeg([...flash({ seconds: 5, rate: 30 }), ...h264, "-g", "30", path]);
  return path;
};

/** Sound of two recordings, one behind the other. */
const twoSounds = (container: string, codec: readonly string[]) => async (file: string, folder: string) => {
  const parts = [3, 5].map((length) => ({ length, path: join(folder, `${length}.${container}`) }));
  for (const { length, path } of parts) await runFfmpeg([...beep({ seconds: length }), ...codec, path]);
  await concatenated(
    file,
    parts.map(({ path }) => path),
  );
};

export const time: readonly Kind[] = [
  {
    kind: "two recordings put together, whose clock starts again (MPEG-TS)",
    container: "ts",
    make: async (file, folder) => {
      const parts = [4, 3].map((length) => ({ length, path: join(folder, `${length}.ts`) }));
      for (const { length, path } of parts) await runFfmpeg([...both(length), ...h264, ...aac, path]);
      await concatenated(
        file,
        parts.map(({ path }) => path),
      );
    },
    expected: marked(7),
  },
  {
    kind: "a clock that passes its end after 26.5 hours (MPEG-TS)",
    container: "ts",
    make: joined({ from: 95_440.7, args: [...both(6), ...h264, ...aac] }),
    expected: marked(6),
  },
  {
    kind: "a slide that stands for 11 minutes while people speak",
    container: "mkv",
    make: ffmpegMakes(flash({ seconds: 664, size: "64x36", rate: 2 }), beep({ seconds: 664, rate: 16_000, ...mono }), [
      "-vf",
      "select='lt(t,2)+gte(t,662)'",
      "-fps_mode",
      "vfr",
      ...h264,
      "-c:a",
      "flac",
    ]),
    expected: {
      ...{ pictures: 6_640, rate: 10, size: "64x36", beeps: seconds(664), presets: [tiny] },
      and: "what follows the pause is where it belongs",
      flashes: [0, 1, 662, 663],
    },
  },
  {
    kind: "one picture, and 12 s of sound",
    container: "mp4",
    make: ffmpegMakes(motion(1, "160x90", 1), beep({ seconds: 12 }), h264, aac),
    expected: { pictures: 120, rate: 10, size: "128x72", beeps: seconds(12), and: "the picture stands" },
  },
  {
    kind: "the picture ends 7 s before the sound",
    container: "mp4",
    make: ffmpegMakes(flash({ seconds: 5 }), beep({ seconds: 12 }), h264, aac),
    expected: marked(12, { flashes: seconds(5), and: "the last picture stands" }),
  },
  {
    kind: "the sound ends 9 s before the picture",
    container: "mp4",
    make: ffmpegMakes(flash({ seconds: 12 }), beep({ seconds: 3 }), h264, aac),
    expected: marked(12, { beeps: seconds(3), and: "silence follows the sound" }),
  },
  {
    kind: "the sound begins 3 s late",
    container: "mp4",
    make: ffmpegMakes(flash({ seconds: 8 }), ["-itsoffset", "3"], beep({ seconds: 5 }), mapped, h264, aac),
    expected: marked(8, { beeps: seconds(8, 3) }),
  },
  {
    kind: "the picture begins 3 s late",
    container: "mkv",
    make: ffmpegMakes(["-itsoffset", "3"], flash({ seconds: 5 }), beep({ seconds: 8 }), mapped, h264, aac),
    expected: marked(8, { flashes: [0, ...seconds(8, 4)], and: "the first picture stands before it begins" }),
  },
  {
    kind: "picture and sound begin at 5 s",
    container: "mp4",
    make: async (file, folder) => {
      const early = join(folder, "early.mp4");
      await runFfmpeg([...both(6), ...h264, ...aac, early]);
      await runFfmpeg(["-itsoffset", "5", "-i", early, "-c", "copy", file]);
    },
    expected: marked(6),
  },
  {
    kind: "sound that is announced at once and comes after 26 s (MPEG-TS)",
    container: "ts",
    make: ffmpegMakes(flash({ seconds: 30, size: "64x36", rate: 10 }), [
      "-itsoffset",
      "26",
      ...beep({ seconds: 4 }),
      ...mapped,
      ...h264,
      ...aac,
      "-max_interleave_delta",
      "1",
    ]),
    expected: {
      ...{ pictures: 300, rate: 10, size: "64x36", flashes: seconds(30), beeps: seconds(30, 26) },
      presets: [tiny],
    },
  },
  {
    kind: "a screen recording whose last picture stands for 30 s",
    container: "mp4",
    make: async (file, folder) => runFfmpeg(["-i", await still(folder), "-c", "copy", "-bsf:v", standing, file]),
    expected: { pictures: 1_050, rate: 30, size: "128x72", flashes: seconds(5), isSilent: true, presets: [tiny] },
  },
  {
    kind: "the same with sound for all of it",
    container: "mp4",
    make: async (file, folder) =>
      runFfmpeg([
        ...["-i", await still(folder), ...beep({ seconds: 35 }), ...mapped],
        ...["-c:v", "copy", ...aac, "-bsf:v", standing, file],
      ]),
    expected: {
      ...{ pictures: 1_050, rate: 30, size: "128x72", flashes: seconds(5), beeps: seconds(35) },
      presets: [tiny],
    },
  },
  {
    kind: "one picture of 10 s without sound",
    container: "mp4",
    make: async (file, folder) => {
      const one = join(folder, "one.mp4");
      await runFfmpeg([...motion(10, "160x90", "1/10"), ...h264, "-frames:v", "1", one]);
      await runFfmpeg(["-i", one, "-c", "copy", "-bsf:v", "setts=duration=10/TB", file]);
    },
    expected: { pictures: 100, rate: 10, size: "128x72", isSilent: true },
  },
  {
    kind: "a picture every 10 s",
    container: "mp4",
    make: ffmpegMakes(motion(30, "160x90", "1/10"), beep({ seconds: 30 }), h264, aac),
    expected: { pictures: 300, rate: 10, size: "128x72", beeps: seconds(30) },
  },
  {
    kind: "a picture every minute",
    container: "mp4",
    make: ffmpegMakes(motion(300, "160x90", "1/60"), h264),
    expected: { pictures: 3_000, rate: 10, size: "128x72", isSilent: true, presets: [tiny] },
  },
  {
    kind: "a browser's recording: no duration, no index, a variable rate (MediaRecorder)",
    container: "webm",
    make: ffmpegMakes(flash({ seconds: 6, rate: 30 }), beep({ seconds: 6 }), [
      "-vf",
      "select='not(between(mod(n,7),4,5))'",
      "-fps_mode",
      "vfr",
      ...vp8,
      ...opus,
      "-f",
      "webm",
      "-live",
      "1",
    ]),
    expected: { pictures: 180, rate: 30, size: "128x72", beeps: seconds(6) },
  },
  {
    kind: "times in milliseconds that are uneven by up to 12 ms",
    container: "mp4",
    make: ffmpegMakes(
      flash({ seconds: 6, rate: 30 }),
      beep({ seconds: 6 }),
      ["-vf", "settb=1/1000,setpts='PTS+mod(N*7,13)'", "-fps_mode", "passthrough", "-enc_time_base", "1/1000"],
      [...h264, "-video_track_timescale", "1000", ...aac],
    ),
    expected: { pictures: 180, rate: 30, size: "128x72", flashes: seconds(6), beeps: seconds(6) },
  },
  {
    kind: "a header that names 60 s for 6 s (Matroska)",
    container: "mkv",
    make: patched(ffmpegMakes(both(6), h264, aac), saying("00:01:00")),
    expected: marked(6),
  },
  {
    kind: "a header that names 3 s for 6 s (Matroska)",
    container: "mkv",
    make: patched(ffmpegMakes(both(6), h264, aac), saying("00:00:03")),
    expected: marked(6),
  },
  {
    kind: "a header that names 60 s for 6 s (FLV)",
    container: "flv",
    make: patched(ffmpegMakes(both(6), h264, aac), flvDuration(60)),
    expected: marked(6),
  },
  {
    kind: "a live recording that names no length (FLV)",
    container: "flv",
    make: ffmpegMakes(both(6), h264, aac, ["-flvflags", "no_duration_filesize"]),
    expected: marked(6),
  },
  {
    kind: "fragments without an index (mp4)",
    container: "mp4",
    make: ffmpegMakes(both(6), h264, aac, ["-g", "50", "-movflags", "empty_moov+frag_keyframe+default_base_moof"]),
    expected: marked(6),
  },
  {
    kind: "MP3 put together of two",
    container: "mp3",
    make: twoSounds("mp3", ["-c:a", "libmp3lame"]),
    expected: { seconds: 8, beeps: seconds(8) },
  },
  {
    kind: "Ogg put together of two",
    container: "ogg",
    make: twoSounds("ogg", ["-c:a", "libvorbis"]),
    expected: { seconds: 8, beeps: seconds(8) },
  },
  {
    kind: "120 pictures a second",
    container: "mp4",
    make: ffmpegMakes(flash({ seconds: 3, rate: 120 }), beep({ seconds: 3 }), h264, aac),
    expected: { pictures: 180, rate: 60, size: "128x72", flashes: seconds(3), beeps: seconds(3) },
  },
  {
    kind: "240 pictures a second (slow motion)",
    container: "mov",
    make: ffmpegMakes(flash({ seconds: 3, rate: 240 }), beep({ seconds: 3 }), h264, aac),
    expected: { pictures: 180, rate: 60, size: "128x72", flashes: seconds(3), beeps: seconds(3), presets: [tiny] },
  },
  {
    kind: "pictures without times of their own (H.264 with B-frames in AVI)",
    container: "avi",
    make: ffmpegMakes(both(6), h264B, ["-c:a", "libmp3lame"]),
    expected: marked(6),
  },
  {
    kind: "a still picture and nothing else",
    container: "mp4",
    make: ffmpegMakes(plain("red", "160x90", 0.1), h264),
    expected: { pictures: 1, rate: 10, size: "128x72", isSilent: true, presets: [tiny] },
  },
];
