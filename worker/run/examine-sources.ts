import type { Facts } from "#shared/job/facts.ts";
import type { SourceFacts } from "#shared/job/source-facts.ts";
import { examinedFacts, filmFacts } from "#worker/facts/source.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { joinedProbe } from "#worker/plan/joined.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { type FetchedSource, labelled } from "./fetch-each.ts";

/** A source that was fetched and looked at. */
export type ExaminedSource = { input: string; probe: Probe; facts: SourceFacts };

/** Looks at each of the sources that were fetched. */
export async function examineSources(
  sources: readonly FetchedSource[],
  options: Pick<Parameters<typeof examine>[1], "signal" | "spawn">,
): Promise<ExaminedSource[]> {
  const all: ExaminedSource[] = [];
  for (const source of sources) {
    const examined = await labelled(source.label, options.signal, async () => {
      const probe = await examine(source.path, { ...options, clip: source.clip });
      return { input: source.path, probe, facts: await examinedFacts(probe, source) };
    });
    all.push(examined);
  }
  return all;
}

type Film = { probe: Probe; facts: Pick<Facts, "source" | "sources"> };

/** What is encoded: the source, or the film that several are joined to for a preset. Without one, what they are in general. */
export function filmOf(examined: readonly ExaminedSource[], preset?: Preset): Film {
  const [only, ...others] = examined;
  if (only && others.length === 0) return { probe: only.probe, facts: { source: only.facts } };
  const probe = joinedProbe(examined, preset);
  const sources = examined.map(({ facts }) => facts);
  return { probe, facts: { source: filmFacts(probe, sources), sources } };
}
