import type { MessageInitShape } from "@bufbuild/protobuf";
import * as v from "valibot";
import { type JobProgress, JobProgressSchema } from "#proto/worker/v1/worker_pb.js";
import { type Facts, FactsFromJson, type Maybe } from "#shared/job/facts.ts";
import { deepSnakeKeys } from "#shared/job/field-names.ts";
import { fromFields, toFields } from "./message-fields.ts";

/** The facts of an event as its message has them. */
export const factsToMessage = (facts: Maybe<Facts>): Pick<MessageInitShape<typeof JobProgressSchema>, keyof Facts> =>
  toFields(JobProgressSchema, facts);

/** The facts of a message, without what a peer must not send. */
export const factsFromMessage = ({ source, sources, outputs, quality }: Maybe<Pick<JobProgress, keyof Facts>>): Facts =>
  v.parse(FactsFromJson, deepSnakeKeys(fromFields({ source, sources, outputs, quality })));
