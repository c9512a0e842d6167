import type { Preset } from "#worker/presets/schema.ts";

const tenth = (text: string) => `${Math.max(30, Math.round(Number.parseInt(text, 10) / 10))}k`;

/** A shipped preset made small: a tenth of the size and rate, at the highest speed, in segments of a second. */
export function quick(preset: Preset): Preset {
  if ("ffmpeg_args" in preset) return preset;
  if (preset.output_type !== "single") {
    return { ...preset, video: smallVideo(preset.video), segments: { ...preset.segments, seconds: 1 } };
  }
  const { video, poster, thumbnails, preview } = preset;
  return {
    ...preset,
    ...(video && { video: smallVideo(video) }),
    ...(poster && { poster: { size: poster.size / 10 } }),
    ...(thumbnails && { thumbnails: { ...thumbnails, width: 64, every_seconds: 1, columns: 2, rows: 1 } }),
    ...(preview && { preview: { ...preview, size: preview.size / 4, seconds: 1, moments: 2 } }),
  };
}

type Video = Extract<Preset, { output_type: "hls" | "dash" | "cmaf"; video: object }>["video"];

function smallVideo(video: Video): Video {
  const [first, ...rest] = video.renditions;
  const small = ({ size, crf, maxrate, bufsize, hdr }: typeof first) => ({
    ...(hdr && { hdr }),
    ...{ size: Math.max(16, size / 10), crf: Math.min(crf + 10, 51) },
    ...{ maxrate: tenth(maxrate), bufsize: tenth(bufsize) },
  });
  return { ...video, speed: "ultrafast", gop_seconds: 1, renditions: [small(first), ...rest.map(small)] };
}
