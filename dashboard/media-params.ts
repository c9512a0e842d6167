import type { Order } from "#client/client.ts";

type Params = NonNullable<Order["params"]>;
export type ParamName = keyof Params;

type Words = {
  label: string;
  hint: string;
  /** Whether its value is a number; otherwise it is a text, such as `2500k`. */
  isNumber?: true;
};

/** What of a preset's settings a form may change. The type requires every parameter that the API knows. */
const words: Readonly<Record<ParamName, Words>> = {
  crf: { label: "CRF", hint: "Lower is better and larger.", isNumber: true },
  bitrate: { label: "Average bit rate", hint: "In place of a CRF, such as 2500k." },
  maxrate: { label: "Maximum bit rate", hint: "Such as 4000k." },
  size: { label: "Size", hint: "The short side in pixels; of a ladder the largest.", isNumber: true },
  frame_rate: { label: "Frame rate", hint: "25, 30000/1001, or <=30 for at most that." },
  speed: { label: "Speed", hint: "From ultrafast to veryslow." },
  audio_bitrate: { label: "Bit rate of sound", hint: "Such as 96k." },
  loudness: { label: "Loudness", hint: "Of each sound, in LUFS, such as -16.", isNumber: true },
  segment_seconds: { label: "Seconds of a segment", hint: "A multiple of those between keyframes.", isNumber: true },
  gop_seconds: { label: "Seconds between keyframes", hint: "In segments.", isNumber: true },
};

/** In the order of the form, each with its words. */
export const paramFields = Object.entries(words) as [ParamName, Words][];

/** What is written into the fields of a form; one that is absent is empty. */
export type ParamTexts = Partial<Record<ParamName, string>>;

/** The parameters of an order; fields that are empty are left out. */
export function paramsOf(texts: ParamTexts): Params | undefined {
  const set = paramFields.flatMap(([name, { isNumber }]) => {
    const text = texts[name]?.trim() ?? "";
    return text ? [[name, isNumber ? Number(text) : text] as const] : [];
  });
  return set.length === 0 ? undefined : Object.fromEntries(set);
}
