import type { MessageInitShape } from "@bufbuild/protobuf";
import * as v from "valibot";
import type { ThumbnailsSchema } from "#proto/worker/v1/worker_pb.js";
import { deepCamelKeys, deepSnakeKeys } from "#shared/job/field-names.ts";
import { Thumbnails } from "#shared/job/thumbnails.ts";
import { fromFields } from "./message-fields.ts";

type Init = Omit<MessageInitShape<typeof ThumbnailsSchema>, "$typeName" | "$unknown">;

/** The pictures that an order wants, as their message has them. */
export const thumbnailsToMessage = (thumbnails: Thumbnails): Init => deepCamelKeys(thumbnails);

/** What a message says of them, which may have any values. */
export function thumbnailsIn({ times = [], ...same }: Init): unknown {
  return deepSnakeKeys({ ...fromFields(same), ...(times.length > 0 && { times }) });
}

/** The same as far as this version knows it: undefined where it is something else. */
export function thumbnailsFromMessage(message: Init | undefined): Thumbnails | undefined {
  const { success, output } = v.safeParse(Thumbnails, message && thumbnailsIn(message));
  return success ? output : undefined;
}
