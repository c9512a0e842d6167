import * as v from "valibot";
import { parse as parseYaml } from "yaml";
import { Fault } from "#shared/fault.ts";

/** A whole number of a file's entry. */
export const atLeastOne = v.pipe(v.number(), v.integer(), v.minValue(1));

/**
 * Parses a file that a setting names. The fault names the setting and each place that is wrong, and quotes nothing of
 * the file, which may hold secrets.
 */
export function parseFile<const S extends v.GenericSchema>(setting: string, schema: S, text: string) {
  const result = v.safeParse(schema, readYaml(setting, text));
  if (result.success) return result.output;
  const fields = result.issues.map((issue) => {
    const place = v.getDotPath(issue);
    return { field: setting, message: place ? `${place}: ${issue.message}` : issue.message };
  });
  throw new Fault("invalid", fields.map(({ message }) => `${setting}: ${message}`).join("\n"), { fields });
}

function readYaml(setting: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    throw new Fault("invalid", `${setting}: is neither YAML nor JSON`, { cause });
  }
}
