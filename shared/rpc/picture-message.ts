import type { MessageInitShape } from "@bufbuild/protobuf";
import * as v from "valibot";
import type { PictureSchema } from "#proto/worker/v1/worker_pb.js";
import { PictureSettings } from "#shared/job/picture.ts";

type PictureInit = Omit<MessageInitShape<typeof PictureSchema>, "$typeName" | "$unknown">;

/** What a message says of the picture, which may be anything; undefined where it says nothing. */
export function pictureIn(message: PictureInit | undefined): Partial<Record<string, unknown>> | undefined {
  if (!message) return undefined;
  const { crop, rotate, width, height, fit, background, deinterlace, denoise } = message;
  const settings = Object.entries({ fit, width, height, background, deinterlace, denoise }).filter(([, set]) => set);
  const area = crop && { x: crop.x ?? 0, y: crop.y ?? 0, width: crop.width ?? 0, height: crop.height ?? 0 };
  const said = [
    ...(area ? [["crop", area] as const] : []),
    ...settings,
    ...(rotate === undefined ? [] : [["rotate", rotate] as const]),
  ];
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

/** The same of an order that a worker has accepted. */
export function pictureFromMessage(message: PictureInit | undefined): PictureSettings | undefined {
  const said = v.safeParse(PictureSettings, pictureIn(message));
  return said.success ? said.output : undefined;
}
