import type { Order } from "#client/client.ts";

type Overlay = NonNullable<Order["overlay"]>[number];
type Position = NonNullable<Overlay["position"]>;

// The type requires every position that the API knows.
const positions: Readonly<Record<Position, true>> = {
  ...{ top_left: true, top: true, top_right: true, left: true, center: true, right: true },
  ...{ bottom_left: true, bottom: true, bottom_right: true },
};
export const positionNames = Object.keys(positions);

const isPosition = (text: string): text is Position => Object.hasOwn(positions, text);

/** What is written into the fields of a form about an overlay; empty where nothing is. */
export type OverlayTexts = { url: string; position: string; width: string; opacity: string };

export const noOverlay: OverlayTexts = { url: "", position: "", width: "", opacity: "" };

/** The overlay of an order; none without a URL. */
export function overlayOf({ url, position, width, opacity }: OverlayTexts): Pick<Order, "overlay"> {
  if (!url.trim()) return {};
  const text = width.trim();
  return {
    overlay: [
      {
        url: url.trim(),
        ...(isPosition(position) && { position }),
        ...(text && { width: /^\d+$/.test(text) ? Number(text) : text }),
        ...(opacity.trim() && { opacity: Number(opacity) }),
      },
    ],
  };
}
