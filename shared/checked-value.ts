import * as v from "valibot";
import { invalidFields } from "./fault.ts";

/** What a schema makes of a value. Throws `invalid` by the names of its fields, behind the name of what they lie `within`. */
export function checkedValue<const S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  within: string,
): v.InferOutput<S> {
  const { success, output, issues } = v.safeParse(schema, value);
  if (success) return output;
  throw invalidFields(
    issues.map((issue) => ({
      field: [within, v.getDotPath(issue)].filter(Boolean).join("."),
      message: issue.message,
    })),
  );
}
