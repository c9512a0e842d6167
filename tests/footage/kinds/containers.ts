import { tiny } from "#tests/integration/ffmpeg/work.ts";
import { beep, ffmpegMakes, flash, h264, h264B, mono, motion, patched, vp8 } from "#tests/support/footage.ts";
import { type Film, type Kind, seconds } from "../kind.ts";

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
];
