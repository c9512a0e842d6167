import { Fault } from "#shared/fault.ts";
import type { Spawning } from "#worker/ffmpeg/run.ts";
import { coverOf, drawText } from "./draw-text.ts";

/** The size of the picture that letters are tried on. */
const trial = { width: 320, height: 180 };

/** A text of which more than this share of the letters is missing tells nobody anything. */
const mostMissing = 0.2;
/** How many of them are named. */
const mostNamed = 10;

/** A script that shows these letters, a line for some of them each, for one second. */
export const lettersScript = (letters: readonly string[]) =>
  [
    ...["[Script Info]", "ScriptType: v4.00+", "PlayResX: 320", "PlayResY: 180", "", "[V4+ Styles]"],
    "Format: Name, Fontname, Fontsize, PrimaryColour, Alignment",
    ...["Style: Default,Noto Sans,20,&H00FFFFFF,2", "", "[Events]", "Format: Layer, Start, End, Style, Text"],
    ...Array.from({ length: Math.ceil(letters.length / 20) }, (_, at) => letters.slice(20 * at, 20 * at + 20)).map(
      (some) => `Dialogue: 0,0:00:00.00,0:00:01.00,Default,${some.map(asText).join(" ")}`,
    ),
    "",
  ].join("\n");

const asText = (letter: string) => (letter === "\\" ? "\\\u2060" : /[{}]/.test(letter) ? `\\${letter}` : letter);

/** What libass says where no font has a letter; others are drawn as boxes. */
const missingLine = /failed to find any fallback with glyph 0x([0-9A-F]+)/i;

/**
 * Draws each letter of a text once: what cannot be drawn here is known before the encode, and not after it. Throws where
 * nothing is drawn, or much is missing; returns a warning where some is.
 */
export async function checkLetters(
  { script, letters, field }: { script: string; letters: readonly string[]; field: string },
  spawning: Spawning,
): Promise<string[]> {
  if (letters.length === 0) return [];
  const missing = new Set<string>();
  const onLine = (line: string) => {
    const [, code] = missingLine.exec(line) ?? [];
    const letter = code && String.fromCodePoint(Number.parseInt(code, 16));
    // Marks and what is invisible may be missing: nobody sees a box.
    if (letter && letters.includes(letter)) missing.add(letter);
  };
  const [drawn] = (await drawText({ script, size: trial, scaled: trial, moments: [0.5] }, spawning, onLine)) ?? [];
  if (!drawn || !coverOf(drawn).some((cover) => cover > 0.5))
    throw new Fault(
      "encode_failed",
      `${field}: this worker draws no text: install fonts and fontconfig (fc-list must name some), or use mode render or embed`,
    );
  const named = [...missing].slice(0, mostNamed).join(" ");
  const words = `the worker's fonts lack ${missing.size} of its ${letters.length} characters (${named})`;
  if (missing.size > letters.length * mostMissing)
    throw new Fault("encode_failed", `${field}: ${words}: install fonts that have them, such as Noto`);
  return missing.size > 0 ? [`${field}: ${words}, which are drawn as boxes`] : [];
}
