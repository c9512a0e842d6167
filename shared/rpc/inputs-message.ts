import type { MessageInitShape } from "@bufbuild/protobuf";
import * as v from "valibot";
import type { InputPartSchema } from "#proto/worker/v1/worker_pb.js";
import { clipFromMessage } from "#shared/job/clip.ts";
import { type InputPart, Inputs } from "#shared/job/inputs.ts";

type InputInit = Omit<MessageInitShape<typeof InputPartSchema>, "$typeName" | "$unknown">;

/** The sources in messages, which may have any values. */
export const inputsIn = (messages: readonly InputInit[] = []): InputPart[] =>
  messages.map(({ url = "", clip }) => ({ url, ...(clip && { clip: clipFromMessage(clip) }) }));

/** The sources of an order that a worker has accepted; undefined where one alone is encoded. */
export function inputsFromMessage(messages: readonly InputInit[] | undefined): InputPart[] | undefined {
  const said = v.safeParse(Inputs, inputsIn(messages));
  return said.success ? said.output : undefined;
}
