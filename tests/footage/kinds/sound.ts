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
  joined,
  type Maker,
  mono,
  opus,
  patched,
  surround,
  voices,
  vp8,
} from "#tests/support/footage.ts";
import { type Film, films, type Kind, seconds, tracksOf } from "../kind.ts";
import { peakOf } from "../peak.ts";

const ac3 = ["-c:a", "ac3", "-b:a", "192k"];
const mp2 = ["-c:a", "mp2", "-b:a", "128k"];

// No beep where one half begins behind the other: parsers lose a little sound there.
const later = { seconds: 3, from: 0.5 };
type Half = { sound: readonly string[]; codec: readonly string[] };
const halves = (one: Half, other: Half) =>
  joined(
    ...[one, other].map(({ sound, codec }, at) => ({
      from: at * 3,
      args: [...flash({ seconds: 3 }), ...sound, ...h264, ...codec],
    })),
  );

const marked: Film = { pictures: 150, rate: 25, size: "128x72", flashes: seconds(6), beeps: seconds(6) };

const seam: Film = { ...marked, beeps: [0, 1, 2, 4, 5] };

/** Four seconds of picture beside a tone in each of so many channels. */
const tones = (each: readonly string[], codec: readonly string[], layout?: string): Maker =>
  ffmpegMakes(flash({ seconds: 4 }), voices({ seconds: 4, each, ...(layout && { layout }) }), h264, codec);
const tone = "0.4*sin(2*PI*1000*t)";
const discrete = (channels: number) => tones(Array(channels).fill(tone), ["-c:a", "pcm_s16le"]);
const film: Film = { pictures: 100, rate: 25, size: "128x72", flashes: seconds(4) };
const mixed: Film = { ...film, beeps: [0], and: "mixed to stereo" };

/** With a bit rate that leaves a tone as it is. */
const clear = films.map((preset) => ({ ...preset, audio: { codec: "aac", bitrate: "160k", channels: 2 } }) as const);

/** A phone's recording whose microphone was off: a track of sound that has no samples. */
const withoutSamples = (bytes: Buffer) => {
  const sound = bytes.indexOf("soun");
  for (const [table, skip] of [
    ["stts", 8],
    ["stsc", 8],
    ["stsz", 12],
    ["stco", 8],
  ] as const) {
    bytes.writeUInt32BE(0, bytes.indexOf(table, sound) + skip);
  }
  bytes.writeUInt32BE(0, bytes.lastIndexOf("mdhd", sound) + 20);
  return bytes;
};

export const sound: readonly Kind[] = [
  {
    kind: "sound goes from stereo to 5.1 (MPEG-TS)",
    container: "ts",
    make: halves({ sound: beep({ seconds: 3 }), codec: ac3 }, { sound: beep({ ...later, ...surround }), codec: ac3 }),
    expected: seam,
  },
  {
    kind: "sound goes from 5.1 to stereo (MPEG-TS)",
    container: "ts",
    make: halves({ sound: beep({ seconds: 3, ...surround }), codec: ac3 }, { sound: beep(later), codec: ac3 }),
    expected: seam,
  },
  {
    kind: "sound goes from 44.1 to 48 kHz (MPEG-TS)",
    container: "ts",
    make: halves({ sound: beep({ seconds: 3, rate: 44_100 }), codec: mp2 }, { sound: beep(later), codec: mp2 }),
    expected: seam,
  },
  {
    kind: "sound goes from mono to stereo (MPEG-TS)",
    container: "ts",
    make: halves({ sound: beep({ seconds: 3, ...mono }), codec: aac }, { sound: beep(later), codec: aac }),
    expected: seam,
  },
  {
    kind: "a call that sends no sound for 60 ms in each second (DTX, WebM)",
    container: "webm",
    make: async (file, folder) => {
      const whole = join(folder, "whole.webm");
      await runFfmpeg([
        ...flash({ seconds: 6 }),
        ...beep({ seconds: 6 }),
        ...vp8,
        ...opus,
        "-frame_duration",
        "20",
        whole,
      ]);
      await runFfmpeg(["-i", whole, "-c", "copy", "-bsf:a", "noise=drop='between(mod(n,50),20,22)'", file]);
    },
    expected: marked,
  },
  {
    kind: "a track of sound without sound (mp4)",
    container: "mp4",
    make: patched(ffmpegMakes(flash({ seconds: 6 }), beep({ seconds: 0.1 }), h264, aac), withoutSamples),
    expected: { pictures: 150, rate: 25, size: "128x72", flashes: seconds(6), isSilent: true },
  },
  {
    kind: "ambisonic sound of the first order (Opus)",
    container: "mkv",
    make: tones([tone, "0.2*sin(2*PI*1000*t)", "0", "0"], [...opus, "-mapping_family", "2", "-b:a", "256k"], "4c"),
    expected: mixed,
  },
  {
    kind: "4 channels without places (Opus)",
    container: "mkv",
    make: tones(Array(4).fill(tone), [...opus, "-mapping_family", "255", "-b:a", "256k"], "4c"),
    expected: mixed,
  },
  { kind: "10 channels without places (PCM)", container: "mov", make: discrete(10), expected: mixed },
  { kind: "16 channels without places (PCM)", container: "mov", make: discrete(16), expected: mixed },
  {
    kind: "5.1 at full scale",
    container: "mkv",
    make: tones(Array(6).fill("0.9*sin(2*PI*440*t)"), ["-c:a", "ac3", "-b:a", "448k"], "5.1"),
    expected: {
      ...mixed,
      presets: clear,
      and: "mixed to stereo, true peak at most 0 dBTP",
      also: async (made) => expect(await peakOf(tracksOf(made).sound ?? "")).toBeLessThanOrEqual(0),
    },
  },
  {
    kind: "quiet stereo",
    container: "mkv",
    make: tones(Array(2).fill("0.1*sin(2*PI*440*t)"), ["-c:a", "flac"], "stereo"),
    expected: {
      ...film,
      beeps: [0],
      presets: clear,
      and: "as loud as it was",
      also: async (made) => expect(Math.abs((await peakOf(tracksOf(made).sound ?? "")) + 20)).toBeLessThan(1),
    },
  },
  {
    kind: "speech in the centre of 5.1 alone",
    container: "mkv",
    make: tones(["0", "0", "0.5*sin(2*PI*440*t)", "0", "0", "0"], ["-c:a", "flac"], "5.1"),
    expected: mixed,
  },
  {
    kind: "sound in the right channel alone",
    container: "mp4",
    make: tones(["0", tone], aac, "stereo"),
    expected: { ...film, beeps: [0] },
  },
  {
    kind: "silent sound",
    container: "mp4",
    make: tones(["0", "0"], aac, "stereo"),
    expected: { ...film, beeps: [] },
  },
  {
    kind: "sound of a tenth of a second",
    container: "mp4",
    make: ffmpegMakes(flash({ seconds: 4 }), beep({ seconds: 0.1 }), h264, aac),
    expected: { ...film, beeps: [0], and: "silence follows the sound" },
  },
  {
    kind: "a commentary before the track that is the default one",
    container: "mkv",
    make: ffmpegMakes(
      flash({ seconds: 6 }),
      beep({ seconds: 6 }),
      voices({ seconds: 6, each: ["0"], layout: "mono" }),
      ["-map", "0:v", "-map", "2:a", "-map", "1:a", ...h264, ...aac],
      ["-disposition:a:0", "comment", "-disposition:a:1", "default"],
    ),
    expected: { ...marked, and: "the default track is the sound" },
  },
  {
    kind: "telephone sound of 8 kHz (A-law) beside 5 pictures a second",
    container: "mkv",
    make: ffmpegMakes(flash({ seconds: 6, rate: 5 }), beep({ seconds: 6, rate: 8_000, ...mono }), [
      ...h264,
      "-c:a",
      "pcm_alaw",
    ]),
    expected: { ...marked, pictures: 60, rate: 10, presets: [tiny] },
  },
];
