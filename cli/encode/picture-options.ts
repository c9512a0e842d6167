import { type Command, Option } from "commander";
import type { Order } from "#client/client.ts";
import { Fault } from "#shared/fault.ts";
import { deinterlacing, denoising, fits, pictureNames } from "#shared/job/picture.ts";

/** What of the picture the command line may say; the service says what it does not take. */
export type PictureOptions = Pick<Order, (typeof pictureNames)[number]>;

/** Adds an option for each field of an order about its picture. */
export const addPictureOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--crop <x,y,width,height>", "the part of the picture that is kept, in pixels").argParser(cropIn),
    )
    .option("--width <pixels>", "the width of the picture; without --height that follows its shape", Number)
    .option("--height <pixels>", "the height of the picture", Number)
    .addOption(new Option("--fit <how>", "how the picture fills --width and --height").choices(fits))
    .option("--background <colour>", "the colour of bars beside the picture, such as #1a2b3c or white")
    .option("--rotate <degrees>", "turns the picture clockwise: 90, 180 or 270", Number)
    .addOption(new Option("--deinterlace <when>", "makes whole pictures of fields").choices(deinterlacing))
    .addOption(new Option("--denoise <strength>", "takes noise out of the picture").choices(denoising));

function cropIn(text: string): NonNullable<Order["crop"]> {
  const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN, ...rest] = text
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (rest.length > 0 || [x, y, width, height].some(Number.isNaN))
    throw new Fault("invalid", `--crop ${text}: write four numbers, such as 240,0,1440,1080`);
  return { x, y, width, height };
}

/** The fields of an order among the options of a command. */
export const pictureIn = (options: PictureOptions): PictureOptions =>
  Object.fromEntries(pictureNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
