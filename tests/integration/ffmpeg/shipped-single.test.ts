import { test } from "bun:test";
import { check } from "#tests/matrix/check.ts";
import { somePairs } from "#tests/matrix/some.ts";
import { loadPresets } from "#worker/presets/load.ts";

const presets = [...(await loadPresets()).values()].filter(({ output_type }) => output_type === "single");

test.each(somePairs(presets))("%s of a source with %s is right or refused", (_, name, preset) => check(preset, name));
