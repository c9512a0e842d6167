import type { Preset } from "#worker/presets/schema.ts";
import { type SourceName, sources } from "./sources.ts";

const names = Object.keys(sources).filter((name): name is SourceName => name in sources);

/** Pairs that take every preset twice and every source in turn. */
export const somePairs = (presets: readonly Preset[]) =>
  presets.flatMap((preset, at) =>
    [at * 2, at * 2 + 1].map((turn) => [preset.name, names[turn % names.length] ?? "4:4:4", preset] as const),
  );
