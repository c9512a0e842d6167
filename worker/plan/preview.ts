import type { PreviewSettings } from "#shared/job/thumbnails.ts";
import { seekingIn } from "#worker/ffmpeg/seeking.ts";
import { straight } from "./graph.ts";
import { ifKnown, secondsOf } from "./input.ts";
import { faststart } from "./movie.ts";
import type { Part, PartSource } from "./part.ts";
import { shown } from "./picture.ts";

/** A few moments of the source without sound, as an endless WebP or a small mp4. */
export function previewPart(settings: PreviewSettings, { video, probe }: PartSource, name: string): Part {
  const { size, seconds, rate, format } = settings;
  const whole = secondsOf(probe, video) ?? 0;
  const look = [
    `fps=${rate}:start_time=0:round=up`,
    ...shown(video, size, { target: format === "webp" ? "webp" : "film", name: "preview" }),
  ];
  const { starts, length } = moments(settings, whole);
  const begin = probe.clip?.start ?? 0;
  return {
    chain: straight([...picked(starts, length, rate), ...look]),
    args: ["-an", ...encoders[format], "-frames:v", String(seconds * rate), ...faststart(format)],
    target: name,
    ...(whole > longSeconds &&
      !video.clip?.isStill &&
      seekingIn(probe.format) === "indexed" && {
        alone: {
          inputs: starts.map((start) => ["-ss", (begin + start).toFixed(3), "-t", length.toFixed(3)]),
          chain: straight(look),
        },
      }),
    files: [
      format === "webp"
        ? { name, image: "webp", shows: starts[0] ?? 0 }
        : {
            shows: starts[0] ?? 0,
            name,
            video: { codec: "h264", size },
            ...ifKnown(whole > 0 ? Math.min(seconds, whole) : undefined),
          },
    ],
  };
}

// From where on it is quicker to look for the moments than to decode everything.
const longSeconds = 60;

/** The middle of each of the equal parts of the source; none if all of it is short enough. */
function moments({ seconds, moments: count }: PreviewSettings, whole: number) {
  const part = whole / count;
  const length = seconds / count;
  const starts = Array.from({ length: whole > seconds ? count : 0 }, (_, at) => at * part + (part - length) / 2);
  return { starts, length };
}

/** The moments put together without gaps. */
function picked(starts: readonly number[], length: number, rate: number): string[] {
  if (starts.length === 0) return [];
  const within = starts.map((start) => `between(t,${start.toFixed(3)},${(start + length).toFixed(3)})`).join("+");
  return [`fps=${rate}`, `select='${within}'`, `setpts=N/${rate}/TB`];
}

const encoders = {
  webp: ["-c:v", "libwebp_anim", "-q:v", "60", "-compression_level", "4", "-loop", "0", "-f", "webp"],
  mp4: ["-c:v", "libx264", "-preset", "medium", "-profile:v", "high", "-crf", "26"],
};
