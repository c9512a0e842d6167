import * as v from "valibot";

/** What a text of JSON holds, by a schema; undefined when it is damaged, holds something else, or there is no text. */
export function fromJsonText<const S extends v.GenericSchema>(
  schema: S,
  text: string | undefined,
): v.InferOutput<S> | undefined {
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return success ? output : undefined;
}
