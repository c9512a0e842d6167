/** Writes the README's table of settings from the schemas that read them; with `--check` only says if it is stale. */
import * as v from "valibot";
import { settings as controlplane } from "#controlplane/config.ts";
import { WorkerEnv } from "#worker/config.ts";

const readme = new URL("../README.md", import.meta.url);
const marks = { begin: "<!-- settings: made by `bun run generate` -->", end: "<!-- /settings -->" };

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

/** The README with the table as it should be. */
export function withTable(text: string, made: string): string {
  const [before, rest = ""] = text.split(marks.begin);
  const after = rest.split(marks.end)[1] ?? "";
  return `${before}${marks.begin}\n${made}\n${marks.end}${after}`;
}

if (import.meta.main) await Bun.write(readme, withTable(await Bun.file(readme).text(), table()));
