import { padded, widest } from "#cli/cells.ts";
import type { JobEvent } from "#client/client.ts";

type Quality = NonNullable<JobEvent["quality"]>;

const digits = { vmaf: 1, ssim: 4 } as const;

/** How good an output is, a line for each rendition that was measured. */
export function qualityLines({ metric, renditions }: Quality): string[] {
  const score = (value: number) => value.toFixed(digits[metric]);
  const width = widest(renditions.map(({ path }) => path));
  return renditions.flatMap(({ path, mean, p1, worst }) => {
    if (mean === undefined) return [];
    const words = [
      `${metric.toUpperCase()} ${score(mean)}`,
      ...(p1 === undefined ? [] : [`1 % of pictures ${score(p1)} or less`]),
      ...(worst ? [`worst ${worst.duration_seconds} s ${score(worst.mean)} at ${clock(worst.start_seconds)}`] : []),
    ];
    return [`${padded(path, width)}  ${words.join(", ")}`];
  });
}

/** A moment of a film as players show it. */
const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
