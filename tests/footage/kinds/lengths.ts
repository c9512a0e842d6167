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
  motion,
  patched,
  plain,
} from "#tests/support/footage.ts";
import { both, type Kind, marked, seconds } from "../kind.ts";

/** What the file says of its own length, in Matroska's statistics. */
const saying = (length: string) => (bytes: Buffer) =>
  Buffer.from(bytes.toString("latin1").replace(/00:00:06\.\d{9}/g, `${length}.000000000`), "latin1");

const flvDuration = (length: number) => (bytes: Buffer) => {
  bytes.writeDoubleBE(length, bytes.indexOf("duration") + 9);
  return bytes;
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

/** Two recordings of 3 s, one behind the other. */
const twoFilms = (container: string, codec: readonly string[]) => async (file: string, folder: string) => {
  const part = join(folder, `part.${container}`);
  await runFfmpeg([...both(3), ...codec, part]);
  await concatenated(file, [part, part]);
};
/** A film without sound, and one with sound behind it. */
const unlikeFilms = async (file: string, folder: string) => {
  const [silent, whole] = [join(folder, "silent.mkv"), join(folder, "whole.mkv")];
  await runFfmpeg([...flash({ seconds: 3 }), ...h264, silent]);
  await runFfmpeg([...both(3), ...h264, ...aac, whole]);
  await concatenated(file, [silent, whole]);
};
const several = "the source is several recordings put together byte by byte";
const apart = "send them one by one, or join them with ffmpeg's concat demuxer";

const mapped = ["-map", "0:v", "-map", "1:a"];

/** The last picture is on for half a minute, as its duration says. */
const standing = "setts=duration='if(eq(N,149),30/TB,DURATION)'";
const still = async (folder: string) => {
  const path = join(folder, "moving.mp4");
  await runFfmpeg([...flash({ seconds: 5, rate: 30 }), ...h264, "-g", "30", path]);
  return path;
};

export const lengths: readonly Kind[] = [
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
    kind: "two films put together (mp4)",
    container: "mp4",
    make: twoFilms("mp4", [...h264, ...aac]),
    expected: { refused: `${several}; ${apart}` },
  },
  {
    kind: "two films put together (Matroska)",
    container: "mkv",
    make: twoFilms("mkv", [...h264B, ...aac]),
    expected: { refused: `${several}; ${apart}` },
  },
  {
    kind: "a film without sound and one with it put together (Matroska)",
    container: "mkv",
    make: unlikeFilms,
    expected: { refused: `${several}; ${apart}` },
  },
  {
    kind: "two films put together (fragmented mp4)",
    container: "mp4",
    make: twoFilms("mp4", [...h264, ...aac, "-g", "25", "-movflags", "empty_moov+frag_keyframe+default_base_moof"]),
    expected: { refused: `${several}: its clock starts again after … s; ${apart}` },
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
    kind: "pictures without times of their own (H.264 with B-frames in AVI)",
    container: "avi",
    make: ffmpegMakes(both(6), h264B, ["-c:a", "libmp3lame"]),
    expected: marked(6),
  },
  {
    kind: "3 pictures",
    container: "mp4",
    make: ffmpegMakes(motion(0.12), beep({ seconds: 0.12 }), h264, aac),
    expected: { pictures: 3, rate: 25, size: "128x72", beeps: [0] },
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
    kind: "a still picture and nothing else",
    container: "mp4",
    make: ffmpegMakes(plain("red", "160x90", 0.1), h264),
    expected: { pictures: 1, rate: 10, size: "128x72", isSilent: true, presets: [tiny] },
  },
];
