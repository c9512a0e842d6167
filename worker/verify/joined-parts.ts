import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Joined } from "#worker/ffmpeg/media.ts";
import { type Loss, lossesOf } from "./losses.ts";
import { sourceCoverageProblem } from "./source-coverage.ts";

const nothing: EncodeReport["read"] = new Map();

/** What is missing of the sources of a joined film, whose sounds were decoded before its pictures. */
export function lossesOfParts({ parts }: Joined, report: EncodeReport): Loss[] {
  const losses = readingsOf({ parts }, report).flatMap(({ part: { video, audio }, pictures, sound, number }) => {
    const of = ` of source ${number}`;
    return [...lossesOf({ video }, pictures, of), ...lossesOf({ audio: audio ? [audio] : [] }, sound, of)];
  });
  // Not every ffmpeg says in which input a picture is damaged.
  const damaged = [...report.corrupt.values()].reduce((sum, count) => sum + count, 0);
  const all = parts.reduce((sum, { video }) => sum + (video?.packets?.count ?? 0), 0);
  const words = `${damaged} of ${all} packets of pictures`;
  return damaged > 0 ? [...losses, { share: Math.min(1, damaged / Math.max(1, all)), words }] : losses;
}

/** How an encode missed what people call the film in one of its sources. */
export function partCoverageProblem(joined: Joined, report: EncodeReport): string | undefined {
  for (const { part, pictures, sound, steadySeconds, number } of readingsOf(joined, report)) {
    const seen = { ...report, ...pictures, steadySeconds };
    const heard = { ...report, ...sound, steadySeconds: undefined };
    const problem =
      (part.video && sourceCoverageProblem({ ...part.probe, audio: [] }, seen)) ??
      (part.audio && sourceCoverageProblem({ ...part.probe, video: undefined, videos: [] }, heard));
    if (problem) return `of source ${number} ${problem}`;
  }
  return undefined;
}

/** What was read of each part: of its pictures by the encode, of its sound by what came before it. */
function readingsOf({ parts }: Pick<Joined, "parts">, { inputs, prepared, partSeconds, errors }: EncodeReport) {
  const heard = parts.filter(({ audio }) => audio);
  return parts.map((part, at) => ({
    ...{ part, number: at + 1, steadySeconds: partSeconds?.get(at) },
    pictures: { read: inputs?.get(at) ?? nothing, corrupt: new Map(), errors },
    sound: {
      // A sound that changes on the way was brought to one form before, and is read from a file of that.
      read: (part.audio?.isChanging ? undefined : prepared?.inputs.get(heard.indexOf(part))) ?? nothing,
      ...{ corrupt: new Map(), errors: prepared?.errors ?? 0 },
    },
  }));
}
