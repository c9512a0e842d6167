/** Every shipped preset on every odd source: `bun run test:matrix`. The suite itself takes a few of each. */
import { test } from "bun:test";
import { loadPresets } from "#worker/presets/load.ts";
import { check } from "./check.ts";
import { type SourceName, sources } from "./sources.ts";

const names = Object.keys(sources).filter((name): name is SourceName => name in sources);
const pairs = [...(await loadPresets()).values()].flatMap((preset) =>
  names.map((name) => [preset.name, name, preset] as const),
);

test.each(pairs)("%s of a source with %s", (_, name, preset) => check(preset, name));
