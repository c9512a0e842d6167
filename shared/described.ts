import * as v from "valibot";

/** A schema that says of itself what it holds, with units and limits, and shows an example: the API's pages read it. */
export const described = <const S extends v.GenericSchema>(schema: S, description: string, example: v.InferInput<S>) =>
  v.pipe(schema, v.metadata({ description, examples: [example] }));

/** The same of a field that may be absent. */
export const optional = <const S extends v.GenericSchema>(schema: S, description: string, example: v.InferInput<S>) =>
  v.exactOptional(described(schema, description, example));

/** The same of a URL; `uri-reference` when it may be relative. */
export const describedUrl = <const S extends v.GenericSchema<string>>(
  schema: S,
  description: string,
  example: string,
  format: "uri" | "uri-reference" = "uri",
) => v.pipe(schema, v.metadata({ description, examples: [example], format }));
