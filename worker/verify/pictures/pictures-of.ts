import { type Asking, type Request, type SampledFrame, sampleFrames } from "./sample-frames.ts";
import type { Opened } from "./source.ts";

// One picture of 1080p, whose decoder takes little memory.
const mostPixels = 1_920 * 1_088;

/**
 * The pictures of a source that requests take, and those of an output that they are expected to be held against, in one
 * process: to start one takes longer than to decode some pictures. What is shown elsewhere is looked for afterwards.
 */
export async function picturesOf(
  wanted: readonly Request[],
  expected: readonly Request[],
  opened: Opened,
  asking: Asking,
) {
  const together = isLarge(opened) ? undefined : await sampled([...wanted, ...expected], asking);
  const known = new Map(expected.map((request, at) => [JSON.stringify(request), together?.[wanted.length + at]]));
  const sources = together?.slice(0, wanted.length) ?? (await sourcesOf(wanted, opened, asking));
  return {
    sources,
    /** What an output shows; nothing where ffmpeg cannot read it. */
    async shownBy(requests: readonly Request[]): Promise<(readonly SampledFrame[] | undefined)[]> {
      const others = requests.filter((request) => !known.get(JSON.stringify(request)));
      const found = await sampled(others, asking);
      return requests.map((request) => known.get(JSON.stringify(request)) ?? found?.[others.indexOf(request)]);
    },
  };
}

const sampled = async (requests: readonly Request[], asking: Asking) =>
  requests.length === 0 ? [] : sampleFrames(requests, asking);

const isLarge = ({ video: { width, height } }: Opened) => width * height > mostPixels;

/** The pictures of a source that requests take; of large ones no more than one decoder is open at a time. */
async function sourcesOf(requests: readonly Request[], opened: Opened, asking: Asking): Promise<SampledFrame[][]> {
  if (!isLarge(opened)) return (await sampled(requests, asking)) ?? [];
  const sources: SampledFrame[][] = [];
  for (const request of requests) sources.push((await sampleFrames([request], asking))?.[0] ?? []);
  return sources;
}
