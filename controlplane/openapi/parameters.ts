import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";

/** The query parameters that a schema reads. */
export function query(schema: v.ObjectSchema<v.ObjectEntries, undefined>) {
  return Object.entries(schema.entries).map(([name, entry]) => {
    const { $schema: _, description, pattern: __, ...rest } = toJsonSchema(entry, { typeMode: "input" });
    return { name, in: "query", description, schema: rest };
  });
}
