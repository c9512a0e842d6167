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
  joined,
  type Maker,
  mono,
  motion,
  opus,
  vp8,
} from "#tests/support/footage.ts";
import { both, type Kind, marked, seconds } from "../kind.ts";

const restarted =
  (first: number, second: number, sound: readonly string[]): Maker =>
  async (file, folder) => {
    const parts = [first, second].map((length, at) => ({ length, path: join(folder, `${at}.ts`) }));
    for (const { length, path } of parts) await runFfmpeg([...both(length), ...h264, ...sound, path]);
    await concatenated(
      file,
      parts.map(({ path }) => path),
    );
  };
const mapped = ["-map", "0:v", "-map", "1:a"];

/** Lit by a flash in one of the two fields of each fifth picture, and of each keyframe. */
const litField = [
  ...["-f", "lavfi", "-i", "testsrc2=s=360x288:r=50:d=4", "-vf"],
  "eq=brightness='if(mod(n,5),-0.2,0.6)':eval=frame,tinterlace=interleave_top,setfield=tff",
];

export const time: readonly Kind[] = [
  {
    kind: "a flash that lights one field of interlaced pictures (H.264)",
    container: "mp4",
    make: ffmpegMakes(litField, h264, ["-x264-params", "tff=1", "-g", "5"]),
    expected: { pictures: 100, rate: 25, size: "90x72", isSilent: true },
  },
  {
    kind: "another picture in each of 120 a second",
    container: "mp4",
    make: ffmpegMakes(
      ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=120:d=3", "-vf", "hue=h='n*67':b='4*sin(n*3)'"],
      h264,
      ["-g", "15"],
    ),
    expected: { pictures: 180, rate: 60, size: "128x72", isSilent: true },
  },
  {
    kind: "two recordings put together, whose clock starts again (MPEG-TS)",
    container: "ts",
    make: restarted(4, 3, aac),
    expected: marked(7),
  },
  {
    kind: "two recordings whose clock starts again, of AC-3 and the picture first (MPEG-TS)",
    container: "ts",
    make: restarted(3, 3, ["-c:a", "ac3"]),
    expected: marked(6),
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
];
