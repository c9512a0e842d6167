import type { Joined, Probe } from "#worker/ffmpeg/media.ts";
import { type GraphSource, streamOf } from "./graph.ts";
import { readInput } from "./input.ts";
import { readsSound } from "./joined-clock.ts";

/** The decoded video of a source, or of the film that several are joined to. */
export const sourceOf = ({ video, joined }: Pick<Probe, "video" | "joined">, pieces = 1): GraphSource =>
  joined ? joinedSource(joined) : streamOf(video?.index ?? 0, pieces);

/** The parts of a joined film, each with as many pictures as it must have, and numbered through: times are rounded. */
function joinedSource({ parts, rate }: Joined): GraphSource {
  const labels = parts.map((_, at) => `part${at}`);
  return {
    chains: parts.flatMap((part, at) => [
      `[${at}:${part.video?.index ?? 0}]${part.filters.join(",")}[${labels[at]}]`,
      ...(readsSound(part) ? [`[${at}:${part.audio?.index}]anullsink`] : []),
    ]),
    from: labels,
    filters: [...(parts.length > 1 ? [`concat=n=${parts.length}`] : []), `setpts=N*${rate.under}/${rate.over}/TB`],
  };
}

/** What an encoder is given, for a measurement. */
export const referenceInput = (input: string, probe: Probe) => ({
  input: readInput(input, probe),
  ...(probe.joined && { source: joinedSource(probe.joined) }),
});
