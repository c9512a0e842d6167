import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { idempotencyHeader } from "#controlplane/http/idempotency-key.ts";

/** Describes the query parameters that a schema reads. */
export function query(schema: v.ObjectSchema<v.ObjectEntries, undefined>) {
  return Object.entries(schema.entries).map(([name, entry]) => {
    const { $schema: _, description, pattern, ...rest } = toJsonSchema(entry, { typeMode: "input" });
    // The pattern of a number is that of its text.
    return {
      name,
      in: "query",
      description,
      schema: { ...rest, ...(rest.type === "string" && pattern && { pattern }) },
    };
  });
}

export const header = (name: string, description: string, schema: object) => ({
  name,
  in: "header",
  description,
  schema,
});

export const jobId = {
  name: "id",
  in: "path",
  required: true,
  description: "The job's id.",
  schema: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" },
  example: "1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90",
};

export const prefer = header(
  "Prefer",
  "RFC 7240. `wait=60` answers 200 with the final state if the job completes within 60 seconds, else 202; `wait` alone waits to the end. A job that fails meanwhile answers with its fault.",
  { type: "string", examples: ["wait=60"] },
);

export const idempotencyKey = header(
  idempotencyHeader,
  "1 to 255 ASCII characters. The same key and order give the same job as before, with Idempotency-Replayed: true, until a day after its end.",
  { type: "string", examples: ["8e03978e-40d5-43e8-bc93-6894a57f9324"] },
);
