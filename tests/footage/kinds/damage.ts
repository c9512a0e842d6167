import {
  aac,
  beep,
  ffmpegMakes,
  flash,
  h264,
  h264B,
  type Maker,
  motion,
  oneKeyframe,
  patched,
  withBox,
} from "#tests/support/footage.ts";
import { type Film, type Kind, seconds } from "../kind.ts";

const film = ffmpegMakes(motion(6), beep({ seconds: 6 }), h264B, aac);
const indexFirst = ffmpegMakes(motion(6), beep({ seconds: 6 }), h264B, ["-g", "25", ...aac, "-movflags", "+faststart"]);

/** Bytes that mean nothing, and are the same each time. */
const noise = (length: number) => {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state >> 16;
  });
};
const overwritten = (from: number, to: number, make: (length: number) => Uint8Array) => (bytes: Buffer) => {
  const [begin, end] = [from, to].map((share) => Math.floor(bytes.length * share));
  bytes.set(make((end ?? 0) - (begin ?? 0)), begin);
  return bytes;
};
const cut = (share: number) => (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * share));
const zeros: Maker = (file) => Bun.write(file, new Uint8Array(500_000));
const text: Maker = (file) => Bun.write(file, "<!doctype html><html><head><title>Not found</title></head></html>");

const hevc10 = [
  "-pix_fmt",
  "yuv420p10le",
  "-c:v",
  "libx265",
  "-preset",
  "ultrafast",
  "-x265-params",
  "log-level=error",
];
/** Version 1.0, profile, level 4, RPU and base layer there, no compatible base. */
const dolbyVision = (profile: number) =>
  Buffer.concat([Buffer.from([1, 0, profile << 1, (4 << 3) | 5]), Buffer.alloc(20)]);
const key = [
  "-encryption_key",
  "00112233445566778899aabbccddeeff",
  "-encryption_kid",
  "a7e61c373e219033c21091fa607bf3b8",
];
const renamed = (from: string, to: string) => (bytes: Buffer) =>
  Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1");

const whole: Film = { pictures: 150, rate: 25, size: "128x72", flashes: seconds(6), beeps: seconds(6) };

export const damage: readonly Kind[] = [
  {
    kind: "a download that ends in the middle (mp4, index first)",
    container: "mp4",
    make: patched(indexFirst, cut(0.6)),
    expected: { refused: "the source is cut off: it ends after … s of 6.0 s, in the middle of a packet" },
  },
  {
    kind: "a download that ends in the middle (mp4, index last)",
    container: "mp4",
    make: patched(film, cut(0.6)),
    expected: { refused: "the source is not a media file that can be read: it is an MP4 file (…)" },
  },
  {
    kind: "a download that ends in the middle (Matroska)",
    container: "mkv",
    make: patched(film, cut(0.6)),
    expected: { refused: "the source is cut off: it ends after … s of 6.0 s, in the middle of a packet" },
  },
  {
    kind: "two thirds of it are noise",
    container: "mp4",
    make: patched(indexFirst, overwritten(0.2, 0.87, noise)),
    expected: { refused: "the source is damaged or encrypted: most of it cannot be decoded" },
  },
  {
    kind: "the middle third of it is zeros",
    container: "mp4",
    make: patched(
      indexFirst,
      overwritten(0.33, 0.66, (length) => new Uint8Array(length)),
    ),
    expected: { damaged: "… of … packets of pictures and … of … packets of sound cannot be decoded" },
  },
  {
    kind: "nothing but zeros",
    container: "mp4",
    make: zeros,
    expected: { refused: "the source is not a media file that can be read: it is nothing but zeros (…)" },
  },
  {
    kind: "a page of a web server",
    container: "mp4",
    make: text,
    expected: { refused: "the source is not a media file that can be read: it is an HTML page (…)" },
  },
  {
    kind: "encrypted (CENC)",
    container: "mp4",
    make: ffmpegMakes(
      flash({ seconds: 2 }),
      beep({ seconds: 2 }),
      h264,
      aac,
      ["-encryption_scheme", "cenc-aes-ctr"],
      key,
    ),
    expected: { refused: "the source is encrypted: send it decrypted" },
  },
  {
    kind: "Dolby Vision of profile 5",
    container: "mp4",
    make: patched(ffmpegMakes(motion(1), beep({ seconds: 1 }), hevc10, ["-tag:v", "hvc1"], aac), (bytes) =>
      withBox(bytes, "hvc1", "dvcC", dolbyVision(5)),
    ),
    expected: {
      refused:
        "the source is Dolby Vision profile 5, which has no picture that can be shown without it: export it as HDR10, HLG, SDR or Dolby Vision profile 8",
    },
  },
  {
    kind: "a picture without any keyframe, of which only the sound is asked (MPEG-TS)",
    container: "ts",
    make: ffmpegMakes(flash({ seconds: 6 }), beep({ seconds: 6 }), h264, oneKeyframe, aac, [
      ...["-bsf:v", "noise=drop=key"],
    ]),
    expected: { seconds: 6, beeps: seconds(6) },
  },
  {
    kind: "a codec that ffmpeg does not know",
    container: "mp4",
    make: patched(film, renamed("avc1", "zzzz")),
    expected: { refused: "the source's video (zzzz) cannot be decoded by the ffmpeg of this worker" },
  },
  {
    kind: "1 MB of something else before the film",
    container: "ts",
    make: patched(ffmpegMakes(flash({ seconds: 6 }), beep({ seconds: 6 }), h264, aac), (bytes) =>
      Buffer.concat([noise(100_000), bytes]),
    ),
    expected: whole,
  },
];
