import * as v from "valibot";
import { parse as parseYaml } from "yaml";
import { Fault } from "#shared/fault.ts";

/** What a settings file holds; its fault names the setting and each place that is wrong, and repeats nothing of it. */
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
