import type { MessageInitShape } from "@bufbuild/protobuf";
import * as v from "valibot";
import type { JobProgress, JobProgressSchema } from "#proto/worker/v1/worker_pb.js";
import { type Facts, FactsFromJson, type Maybe } from "#shared/job/facts.ts";
import { deepSnakeKeys } from "#shared/job/field-names.ts";
import { int64 } from "#shared/job/number.ts";

const big = (count: number) => BigInt(int64(count));

/** The facts of an event as its message has them. */
export const factsToMessage = ({
  source,
  outputs,
  quality,
}: Maybe<Facts>): Pick<MessageInitShape<typeof JobProgressSchema>, keyof Facts> => ({
  ...(source && { source: { ...source, bytes: big(source.bytes) } }),
  ...(outputs && {
    outputs: {
      ...outputs,
      ...{ files: big(outputs.files), bytes: big(outputs.bytes) },
      renditions: outputs.renditions.map(({ segments, ...same }) => ({
        ...{ ...same, bytes: big(same.bytes) },
        ...(segments !== undefined && { segments: big(segments) }),
      })),
    },
  }),
  ...(quality && { quality }),
});

/** The facts of a message, without what a peer must not send. */
export const factsFromMessage = ({ source, outputs, quality }: Maybe<Pick<JobProgress, keyof Facts>>): Facts =>
  v.parse(FactsFromJson, {
    ...(source && { source: plain(source) }),
    ...(outputs && { outputs: plain(outputs) }),
    ...(quality && { quality: plain(quality) }),
  });

/** The fields of a message and of those inside of it, under their names in JSON, as far as they are set. */
const plain = (message: object) => deepSnakeKeys(withoutTypes(message));

function withoutTypes(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withoutTypes);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([name, field]) => !name.startsWith("$") && isSet(name, field));
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutTypes(field)]));
}

// A list cannot be absent from a message: one of these is empty then.
const series = ["bitRates", "scores"];
const isSet = (name: string, field: unknown) =>
  field !== undefined && !(series.includes(name) && Array.isArray(field) && field.length === 0);
