import type { Command } from "commander";
import { Option } from "commander";
import type { Order } from "#client/client.ts";
import { positions } from "#shared/job/overlay.ts";
import { omitEmpty } from "#shared/omit-empty.ts";

type Overlay = NonNullable<Order["overlay"]>[number];

/** The picture that the command line lays over films, and how. */
export type OverlayOptions = {
  overlay?: string;
  overlayPosition?: NonNullable<Overlay["position"]>;
  overlayWidth?: NonNullable<Overlay["width"]>;
  overlayMargin?: NonNullable<Overlay["margin"]>;
  overlayOpacity?: number;
  overlayStart?: number;
  overlayEnd?: number;
};

/** Adds the options of a picture that is laid over films. */
export const addOverlayOptions = (command: Command): Command =>
  command
    .option("--overlay <url>", "the URL of a PNG, WebP or GIF that is laid over the film")
    .addOption(new Option("--overlay-position <where>", "where it lies; default: bottom_right").choices(positions))
    .addOption(new Option("--overlay-width <width>", "its width in pixels, or a share such as 12%").argParser(lengthIn))
    .addOption(new Option("--overlay-margin <width>", "how far it is from the edges, as its width").argParser(lengthIn))
    .option("--overlay-opacity <number>", "how much of it covers the film, from 0.01 to 1", Number)
    .option("--overlay-start <seconds>", "when it is shown from", Number)
    .option("--overlay-end <seconds>", "when it is shown until", Number);

const lengthIn = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);

/** The overlay among the options of a command, as an order has it. */
export function overlayIn(options: OverlayOptions): Pick<Order, "overlay"> {
  const {
    overlay: url,
    overlayPosition,
    overlayWidth,
    overlayMargin,
    overlayOpacity,
    overlayStart,
    overlayEnd,
  } = options;
  if (url === undefined) return {};
  const how = omitEmpty({ position: overlayPosition, width: overlayWidth, opacity: overlayOpacity, end: overlayEnd });
  const zeros = {
    ...(overlayMargin !== undefined && { margin: overlayMargin }),
    ...omitEmpty({ start: overlayStart }),
  };
  return { overlay: [{ url, ...how, ...zeros }] };
}
