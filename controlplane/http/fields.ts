import * as v from "valibot";
import { invalidFields } from "#shared/fault.ts";

/** Validates what a client sent; the fault names each field that is wrong. */
export function checkedFields<const S extends v.GenericSchema>(schema: S, sent: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, sent);
  if (result.success) return result.output;
  throw invalidFields(
    result.issues.map((issue) => ({ field: v.getDotPath(issue) ?? "body", message: messageOf(issue) })),
  );
}

function messageOf({ expected, received, message }: v.BaseIssue<unknown>): string {
  if (expected === "never") return "is not a known field";
  return received === "undefined" ? "is required" : message;
}
