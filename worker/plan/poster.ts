import type { PosterSettings } from "#shared/job/thumbnails.ts";
import type { Chain } from "./graph.ts";
import { secondsOf } from "./input.ts";
import type { Part, PartSource } from "./part.ts";
import { shown } from "./picture.ts";

/** The filter that the chosen picture passes has a name: when it is shown is told to verification. */
const posterFilter = "showinfo@poster";

const candidates = 30;
const longSeconds = 120;

/** When the pictures come of which one becomes the poster, in seconds: the first of them, and from each to the next. */
export function posterCandidates(durationSeconds: number) {
  const start = Math.min(60, durationSeconds / 10);
  const step = Math.max(0.1, Math.min(2, (durationSeconds * 0.8) / candidates));
  return { start, step, end: start + candidates * step };
}

/** The filter that passes on these pictures of all. */
export const pickCandidates = ({ start, step }: ReturnType<typeof posterCandidates>) =>
  `select='gte(t,${start.toFixed(3)})*(isnan(prev_selected_t)+gte(t-prev_selected_t,${step.toFixed(3)}))'`;

/**
 * One picture that stands for the video: of thirty after its first tenth, those that are not black, the most typical.
 * The very first frame is written before it, for when there is no other.
 */
export function posterPart({ size }: PosterSettings, { video, probe }: PartSource, name: string): Part {
  const durationSeconds = secondsOf(probe, video) ?? 0;
  const keyframes = video.packets?.keyframes.length ?? 0;
  const chosen = [
    pickCandidates(posterCandidates(durationSeconds)),
    "blackframe=amount=0:threshold=32",
    "metadata=mode=select:key=lavfi.blackframe.pblack:value=90:function=less",
    `thumbnail=${candidates}`,
    "trim=end_frame=1",
    posterFilter,
  ];
  const chain: Chain = (from, to) =>
    [
      `[${from}]${shown(video, size, { target: "jpeg" }).join(",")},split[${to}a][${to}b]`,
      `[${to}a]trim=end_frame=1[${to}first]`,
      `[${to}b]${chosen.join(",")}[${to}chosen]`,
      `[${to}first][${to}chosen]concat[${to}]`,
    ].join(";");
  return {
    chain,
    args: ["-fps_mode", "passthrough", "-c:v", "mjpeg", "-q:v", "3", "-frames:v", "2", "-f", "image2", "-update", "1"],
    target: name,
    // Where there are enough of them, keyframes alone are looked at.
    alone: { inputs: durationSeconds > longSeconds && keyframes >= candidates ? [["-skip_frame", "nokey"]] : [] },
    files: [{ name, image: "jpeg", shows: "poster" }],
  };
}
