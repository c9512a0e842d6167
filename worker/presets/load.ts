import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { Fault } from "#shared/fault.ts";
import { unknownPreset } from "#shared/unknown-preset.ts";
import { Preset } from "./schema.ts";
import { shipped } from "./shipped.ts";

/** The presets that a worker offers, by name. */
export type Presets = ReadonlyMap<string, Preset>;

/** The shipped presets and those of a folder's YAML files, which override them. One Fault names all problems. */
export async function loadPresets(dir?: string): Promise<Presets> {
  const ours = Object.entries(shipped).map(([file, content]) => checked(file, content));
  const theirs = dir === undefined ? [] : await presetsIn(dir);
  return new Map([...ours, ...theirs].map((preset) => [preset.name, preset]));
}

/** The preset of this name. Throws a `not_found` Fault that lists the presets when there is none. */
export function presetNamed(presets: Presets, name: string): Preset {
  const preset = presets.get(name);
  if (preset) return preset;
  const message = unknownPreset(name, [...presets.keys()]);
  throw new Fault("not_found", message, { fields: [{ field: "preset", message }] });
}

async function readAll(dir: string): Promise<[file: string, text: string][]> {
  const names = await readdir(dir).catch((cause) => {
    throw new Fault("invalid", `PRESETS_DIR: cannot read the folder ${dir}`, { cause });
  });
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(files.map(async (name) => [name, await readFile(join(dir, name), "utf8")]));
}

function checked(file: string, content: unknown): Preset {
  const { success, output, issues } = v.safeParse(Preset, content);
  if (success) return output;
  throw new Fault("invalid", issues.map((issue) => `${file}: ${v.getDotPath(issue)}: ${issue.message}`).join("\n"));
}

async function presetsIn(dir: string): Promise<Preset[]> {
  const files = await readAll(dir);
  // Loaded on first use: a parser that knows line numbers costs memory and time, and most workers do not need it.
  const { parsePresets } = await import("./parse.ts");
  const presets: Preset[] = [];
  const problems: string[] = [];
  const from = new Map<string, string>();
  for (const [file, text] of files) {
    const parsed = parsePresets(text, file);
    problems.push(...parsed.problems);
    for (const preset of parsed.presets) {
      const earlier = from.get(preset.name);
      if (earlier) problems.push(`${file}: preset ${preset.name} is in ${earlier} already`);
      from.set(preset.name, file);
      presets.push(preset);
    }
  }
  if (problems.length > 0) throw new Fault("invalid", problems.join("\n"));
  return presets;
}
