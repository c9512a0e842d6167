import { padded, widest } from "#cli/cells.ts";
import type { JobEvent } from "#client/client.ts";
import { clock } from "#dashboard/format.ts";
import { rounded } from "#dashboard/media-words.ts";
import { targetWords } from "#dashboard/target-words.ts";

type Quality = NonNullable<JobEvent["quality"]>;

const digits = { vmaf: 1, ssim: 4 } as const;

/** How good an output is, a line for each rendition, and what came of a quality or a ladder that was aimed at. */
export function qualityLines(quality: Quality): string[] {
  return [...scoreLines(quality), aimedLine(quality)].filter(Boolean);
}

/** What is known of each rendition: its CRF, where that was looked for, and its scores, where it was measured. */
function scoreLines({ metric, renditions }: Quality): string[] {
  const score = (value: number) => value.toFixed(digits[metric]);
  const width = widest(renditions.map(({ path }) => path));
  return renditions.flatMap(({ path, crf, mean, p1, worst }) => {
    const words = [
      ...(crf === undefined ? [] : [`CRF ${rounded(crf)}`]),
      ...(mean === undefined ? [] : [`${metric.toUpperCase()} ${score(mean)}`]),
      ...(p1 === undefined ? [] : [`1 % of pictures ${score(p1)} or less`]),
      ...(worst ? [`worst ${worst.duration_seconds} s ${score(worst.mean)} at ${clock(worst.start_seconds)}`] : []),
    ];
    return words.length === 0 ? [] : [`${padded(path, width)}  ${words.join(", ")}`];
  });
}

/** Whether a target is reached, and why the CRFs and renditions are as they are; empty where nothing was aimed at. */
function aimedLine(quality: Quality): string {
  const { target, reached, reason = "" } = quality;
  const mark = target === undefined || reached ? "" : "! ";
  return `${mark}${[targetWords(quality), reason].filter(Boolean).join(" ")}`;
}
