import { Fault } from "#shared/fault.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { lossesOfParts } from "./joined-parts.ts";
import { type Loss, lossesOf } from "./losses.ts";

/** How much of a source could not be decoded: the share of the stream that lost most, and words for all that did. */
export type Damage = Loss;

/**
 * Holds the source's packets against the frames that were made of them: ffmpeg leaves out what it cannot decode, and
 * ends with exit code 0. Undefined when nothing is missing.
 */
export function damageOf(source: Source, report: EncodeReport): Damage | undefined {
  const losses = source.joined ? lossesOfParts(source.joined, report) : lossesOf(source, report);
  const worst = losses.toSorted((one, other) => other.share - one.share)[0];
  return worst && { share: worst.share, words: `${losses.map(({ words }) => words).join(" and ")} cannot be decoded` };
}

type Source = Pick<Probe, "video" | "audio" | "joined">;

/** The same; more than this share of a source, from 0 to 1, is a Fault. */
export function damageWithin(most: number, source: Source, report: EncodeReport) {
  const damage = damageOf(source, report);
  if (damage && damage.share > most) throw new Fault("source_failed", `the source is damaged: ${damage.words}`);
  return damage;
}
