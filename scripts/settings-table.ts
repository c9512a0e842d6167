/** Writes the table of docs/settings.md, and the names for shared/setting-names.ts, from the schemas that read the settings. */
import * as v from "valibot";
import { settings as controlplane } from "#controlplane/config.ts";
import { WorkerEnv } from "#worker/config.ts";
import { withMade } from "./made-part.ts";

export const page = new URL("../docs/settings.md", import.meta.url);
type Entries = Readonly<Record<string, v.GenericSchema>>;

export function settingsTable(parts: Readonly<Record<string, Entries>>): string {
  const names = [...new Set(Object.values(parts).flatMap((entries) => Object.keys(entries)))].sort();
  const rows = names.map((name) => {
    const readers = Object.entries(parts).filter(([, entries]) => entries[name]);
    const schema = readers[0]?.[1][name];
    const fallback = schema && "default" in schema ? schema.default : undefined;
    const of = readers.length === Object.keys(parts).length ? "both" : readers[0]?.[0];
    return `| \`${name}\` | ${of} | ${fallback ? `\`${fallback}\`` : ""} | ${schema ? v.getDescription(schema) : ""} |`;
  });
  return ["| setting | read by | default | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

export const table = () => settingsTable({ "control plane": controlplane, worker: WorkerEnv.entries });

/** The page with the table as it should be. */
export const withTable = (text: string, made: string) => withMade(text, "settings", made);

export const namesPage = new URL("../shared/setting-names.ts", import.meta.url);

/** The names by who reads them, for each part to know those of the other. */
export function namesModule(): string {
  const listOf = (names: ReadonlySet<string>) => [...names].sort().map((name) => `    ${JSON.stringify(name)},\n`);
  const [ours, theirs] = [new Set(Object.keys(controlplane)), new Set(Object.keys(WorkerEnv.entries))];
  const readers = {
    both: ours.intersection(theirs),
    controlplane: ours.difference(theirs),
    worker: theirs.difference(ours),
  };
  const lists = Object.entries(readers).map(([part, names]) => `  ${part}: [\n${listOf(names).join("")}  ],\n`);
  return `// Made by \`bun run generate\`: who reads what.\nexport const settingNames = {\n${lists.join("")}} as const;\n`;
}

if (import.meta.main) await Bun.write(namesPage, namesModule());
if (import.meta.main) await Bun.write(page, withTable(await Bun.file(page).text(), table()));
