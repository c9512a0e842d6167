import type { Numbered } from "./numbered.ts";

const x264 = ["-c:v", "libx264", "-preset", "veryfast", "-g", "48", "-crf", "28"];
const aac = ["-c:a", "aac", "-b:a", "96k"];
const usual = { seconds: 12, rate: 24, container: "mp4", args: [...x264, ...aac] } as const satisfies Numbered;

/** Sources of every container and clock, whose pictures say their numbers. */
export const clipSources = {
  mp4: usual,
  "mov with PCM": { ...usual, container: "mov", args: [...x264, "-c:a", "pcm_s16le"], rate: 25 },
  "mp4 at 29.97 with FLAC": { ...usual, rate: "30000/1001", args: [...x264, "-c:a", "flac", "-strict", "-2"] },
  mkv: { ...usual, container: "mkv" },
  "mkv at 23.976 with FLAC": { ...usual, container: "mkv", rate: "24000/1001", args: [...x264, "-c:a", "flac"] },
  "mkv with open groups": {
    ...usual,
    container: "mkv",
    args: [...x264, "-x264-params", "open-gop=1:bframes=3", ...aac],
  },
  webm: {
    ...usual,
    container: "webm",
    args: [
      "-c:v",
      "libvpx-vp9",
      "-deadline",
      "realtime",
      "-cpu-used",
      "8",
      "-g",
      "60",
      "-b:v",
      "300k",
      "-c:a",
      "libopus",
    ],
  },
  "transport stream": { ...usual, container: "ts", rate: 25 },
  "fragmented mp4": { ...usual, args: [...x264, ...aac, "-movflags", "frag_keyframe+empty_moov+default_base_moof"] },
  "variable rate mp4": {
    ...usual,
    rate: 30,
    filters: ["select='if(between(t,4,6.5),0,not(mod(n,3))+lt(t,3)+gt(t,8))'"],
  },
  "variable rate mkv": {
    ...usual,
    rate: 30,
    container: "mkv",
    filters: ["select='if(between(t,4,6.5),0,not(mod(n,3))+lt(t,3)+gt(t,8))'"],
  },
  "mp4 with an edit list": { ...usual, copied: { input: ["-ss", "1.3"], output: [] } },
  "sound that begins late": { ...usual, late: { audio: 0.7 } },
  "picture that begins late": { ...usual, container: "mkv", late: { video: 0.5 } },
  "transport stream that begins late": { ...usual, container: "ts", late: { video: 0.4 } },
  "one group of pictures": { ...usual, args: ["-c:v", "libx264", "-preset", "veryfast", "-g", "1000", ...aac] },
  "60 a second": { ...usual, rate: 60 },
  "sound that goes on": { ...usual, filters: ["trim=end=4"] },
  slides: { ...usual, rate: "1/2" },
} as const satisfies Readonly<Record<string, Numbered>>;
