/** Writes the tables of docs/metrics.md from what the two parts measure. */
import { definitions, jobDefinitions, prefixes } from "#controlplane/metrics.ts";
import type { Definition } from "#shared/metrics/family.ts";
import { workerDefinitions, workerPrefix } from "#worker/metrics.ts";
import { withMade } from "./made-part.ts";

export const page = new URL("../docs/metrics.md", import.meta.url);

const prefixed = (prefix: string, definitions: Readonly<Record<string, Definition>>) =>
  Object.entries(definitions).map(([name, definition]) => [prefix + name, definition] as const);

/** Every metric there is, by name, in the parts of the page. */
export const metrics = {
  "control plane": prefixed(prefixes.own, definitions),
  "ended jobs": prefixed(prefixes.jobs, jobDefinitions),
  worker: prefixed(workerPrefix, workerDefinitions),
} as const;

const units = [/_(seconds)(?:_total)?$/, /_(bytes)(?:_total)?$/];
const unitOf = (name: string) => units.flatMap((unit) => unit.exec(name)?.[1] ?? [])[0] ?? "";

export function tableOf(part: keyof typeof metrics): string {
  const rows = metrics[part].map(
    ([name, { type, labels, help }]) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${unitOf(name)} | ${help} |`,
  );
  return ["| metric | type | labels | unit | meaning |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

/** The page as it should be. */
export const withTables = (text: string): string =>
  (["control plane", "ended jobs", "worker"] as const).reduce(
    (page, part) => withMade(page, part, tableOf(part)),
    text,
  );

if (import.meta.main) await Bun.write(page, withTables(await Bun.file(page).text()));
