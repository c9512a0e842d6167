import type { Order } from "#client/client.ts";

type Fields = Required<
  Pick<Order, "crop" | "fit" | "width" | "height" | "background" | "rotate" | "deinterlace" | "denoise">
>;
export type PictureField = keyof Fields;
export type PictureFields = Partial<Fields>;

type Words = {
  label: string;
  hint: string;
  /** What it may be; any text where none are named. */
  choices?: readonly string[];
};

/** What of the picture a form may change. The type requires every field that the API knows. */
const words: Readonly<Record<PictureField, Words>> = {
  crop: { label: "Crop", hint: "x,y,width,height in pixels, such as 240,0,1440,1080." },
  rotate: { label: "Rotate", hint: "Degrees clockwise.", choices: ["0", "90", "180", "270"] },
  width: { label: "Width", hint: "Even; alone, the height follows the shape." },
  height: { label: "Height", hint: "Even; alone, the width follows the shape." },
  fit: { label: "Fit", hint: "How the picture fills both.", choices: ["contain", "cover", "stretch"] },
  background: { label: "Bars", hint: "Their colour, such as #1a2b3c or white." },
  deinterlace: { label: "Deinterlace", hint: "Makes whole pictures of fields.", choices: ["auto", "on", "off"] },
  denoise: { label: "Denoise", hint: "Takes noise out.", choices: ["off", "light", "medium", "strong"] },
};

/** In the order of the form, each with its words. */
export const pictureFields = Object.entries(words) as [PictureField, Words][];

/** What is written into the fields of a form; one that is absent is empty. */
export type PictureTexts = Partial<Record<PictureField, string>>;

/** The fields of an order about its picture; those that are empty are left out, and the service judges the rest. */
export function pictureOf(texts: PictureTexts): PictureFields {
  const set = pictureFields.flatMap(([name]) => {
    const text = texts[name]?.trim() ?? "";
    return text ? [[name, valueIn(name, text)] as const] : [];
  });
  return Object.fromEntries(set);
}

function valueIn(name: PictureField, text: string): unknown {
  if (name === "width" || name === "height" || name === "rotate") return Number(text);
  if (name !== "crop") return text;
  const [x, y, width, height, ...rest] = text
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return rest.length === 0 ? { x, y, width, height } : text;
}
