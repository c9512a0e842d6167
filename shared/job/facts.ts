import * as v from "valibot";
import { deepCamelKeys, deepSnakeKeys } from "./field-names.ts";
import { type OutputFacts, OutputsJson } from "./output-facts.ts";
import { type QualityFacts, QualityJson } from "./quality-facts.ts";
import { type SourceFacts, SourceJson, SourcesJson } from "./source-facts.ts";

/** What is known of a job's source and of its output, for its final event. */
export type Facts = { source?: SourceFacts; sources?: SourceFacts[]; outputs?: OutputFacts; quality?: QualityFacts };

/** A fact that cannot be read is left out: the job that it belongs to is worth more. */
const ifReadable = <const S extends v.GenericSchema>(schema: S) =>
  v.exactOptional(v.fallback(v.optional(schema), undefined));

/** The facts of events and journals, as anybody may have written them. */
export const StoredFacts = v.object({
  source: ifReadable(SourceJson),
  sources: ifReadable(SourcesJson),
  outputs: ifReadable(OutputsJson),
  quality: ifReadable(QualityJson),
});

type FactsJson = v.InferOutput<typeof StoredFacts>;

/** The same fields, any of which may be undefined. */
export type Maybe<T> = { [Name in keyof T]?: T[Name] | undefined };

/** Reads facts that this or another version has stored. */
export const FactsFromJson = v.pipe(StoredFacts, v.transform(factsFromJson));

export function factsFromJson({ source, sources, outputs, quality }: Maybe<FactsJson>): Facts {
  return {
    ...(source && { source: deepCamelKeys(source) }),
    ...(sources && { sources: deepCamelKeys(sources) }),
    ...(outputs && { outputs: deepCamelKeys(outputs) }),
    ...(quality && { quality: deepCamelKeys(quality) }),
  };
}

export const factsToJson = ({ source, sources, outputs, quality }: Maybe<Facts>) => ({
  ...(source && { source: deepSnakeKeys<v.InferOutput<typeof SourceJson>>(source) }),
  ...(sources && { sources: deepSnakeKeys<v.InferOutput<typeof SourcesJson>>(sources) }),
  ...(outputs && { outputs: deepSnakeKeys<v.InferOutput<typeof OutputsJson>>(outputs) }),
  ...(quality && { quality: deepSnakeKeys<v.InferOutput<typeof QualityJson>>(quality) }),
});
