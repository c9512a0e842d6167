import type { MessageInitShape } from "@bufbuild/protobuf";
import * as v from "valibot";
import type { OverlaySchema } from "#proto/worker/v1/worker_pb.js";
import { type Overlay, Overlays } from "#shared/job/overlay.ts";

type OverlayInit = Omit<MessageInitShape<typeof OverlaySchema>, "$typeName" | "$unknown">;

/** The overlays of an order as their messages have them. */
export const overlaysToMessage = (overlays: readonly Overlay[]): OverlayInit[] =>
  overlays.map(({ width, margin, ...same }) => ({
    ...same,
    ...(width !== undefined && { width: String(width) }),
    ...(margin !== undefined && { margin: String(margin) }),
  }));

/** The overlays in messages, which may have any values. */
export const overlaysIn = (messages: readonly OverlayInit[] = []): Partial<Record<string, unknown>>[] =>
  messages.map(({ url = "", position, width, margin, opacity, start, end }) => {
    const set = Object.entries({ position, width: lengthOf(width), margin: lengthOf(margin) }).filter(([, one]) => one);
    const numbers = Object.entries({ opacity, start, end }).filter(([, number]) => number !== undefined);
    const zero = margin === "0" ? [["margin", 0] as const] : [];
    return Object.fromEntries([["url", url], ...set, ...zero, ...numbers]);
  });

const lengthOf = (text: string | undefined) => (text && /^\d+$/.test(text) ? Number(text) : text);

/** The overlays of an order that a worker has accepted; undefined where it has none. */
export function overlaysFromMessage(messages: readonly OverlayInit[] | undefined): Overlay[] | undefined {
  const said = v.safeParse(Overlays, overlaysIn(messages));
  return said.success && said.output.length > 0 ? said.output : undefined;
}
