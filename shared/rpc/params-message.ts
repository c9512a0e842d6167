import type { MessageInitShape } from "@bufbuild/protobuf";
import * as v from "valibot";
import type { ParamsSchema } from "#proto/worker/v1/worker_pb.js";
import { camelKeys, snakeKeys } from "#shared/job/field-names.ts";
import { Params } from "#shared/job/params.ts";

type ParamsInit = Omit<MessageInitShape<typeof ParamsSchema>, "$typeName" | "$unknown">;

/** The parameters of an order as their message has them. */
export const paramsToMessage = ({ frame_rate, ...same }: Params): ParamsInit => ({
  ...camelKeys(same),
  ...(frame_rate !== undefined && { frameRate: String(frame_rate) }),
});

/** The parameters in a message, which may have any values; undefined where none is set. */
export function paramsIn(message: ParamsInit | undefined): Partial<Record<string, unknown>> | undefined {
  const { granted: _, frameRate, ...same } = message ?? {};
  const rate = frameRate === undefined || Number.isNaN(Number(frameRate)) ? frameRate : Number(frameRate);
  const set = Object.entries({ ...same, frameRate: rate }).filter(
    ([name, value]) => value !== undefined && !name.startsWith("$"),
  );
  return set.length === 0 ? undefined : snakeKeys(Object.fromEntries(set));
}

/** The same as far as this version knows them: undefined where they are others. */
export function paramsFromMessage(message: ParamsInit | undefined): Params | undefined {
  const asked = paramsIn(message);
  return v.is(Params, asked) ? asked : undefined;
}
