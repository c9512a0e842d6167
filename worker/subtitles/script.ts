/** An ASS script: what it says for all of its lines, and its lines in their order. */
export type Script = {
  /** The width of the picture to which positions refer, in pixels. */
  width: number;
  /** The height of that picture, in pixels. */
  height: number;
  /** Whether `\n` begins a new line, as `\N` does in all scripts. */
  breaksSoftly: boolean;
  /** The styles, by name. */
  styles: ReadonlyMap<string, Style>;
  /** The lines, in the order of the script. */
  events: readonly Event[];
};

/** The parts of a style for which WebVTT has elements. */
export type Emphasis = { bold: boolean; italic: boolean; underline: boolean };

/** Alignment as on a numeric keypad: 1 to 3 below, 4 to 6 in the middle, 7 to 9 above. */
type Style = Emphasis & { alignment: number };

/** Times in milliseconds. */
export type Event = { start: number; end: number; style: string; text: string };

/** Reads a script as ffmpeg's `ass` muxer writes it. Comments, and everything else that is not shown, are left out. */
export function parseScript(text: string): Script {
  const info = new Map<string, string>();
  const styles = new Map<string, Style>();
  const events: Event[] = [];
  let section = "";
  let columns: readonly string[] = [];
  for (const line of text.split(/\r?\n/)) {
    section = /^\[(.*)\]/.exec(line)?.[1]?.toLowerCase() ?? section;
    const [, key = "", value = ""] = /^(\w+): *(.*)$/.exec(line) ?? [];
    if (section === "script info") info.set(key, value);
    else if (key === "Format") columns = value.split(",").map((column) => column.trim());
    else if (key === "Style") styles.set(...styleOf(columns, value.split(","), section === "v4 styles"));
    else if (key === "Dialogue") events.push(...eventOf(value));
  }
  return { ...sizeOf(info), breaksSoftly: info.get("WrapStyle")?.trim() === "2", styles, events };
}

// The defaults that renderers use.
function sizeOf(info: ReadonlyMap<string, string>) {
  const width = Number(info.get("PlayResX")) || 0;
  const height = Number(info.get("PlayResY")) || 0;
  if (width <= 0 && height <= 0) return { width: 384, height: 288 };
  return { width: width > 0 ? width : (height * 4) / 3, height: height > 0 ? height : (width * 3) / 4 };
}

function styleOf(columns: readonly string[], values: readonly string[], isLegacy: boolean): [string, Style] {
  const valueIn = (column: string) => values[columns.indexOf(column)]?.trim() ?? "";
  const is = (column: string) => Number(valueIn(column)) !== 0;
  const alignment = Number(valueIn("Alignment"));
  return [
    nameOf(valueIn("Name")),
    {
      bold: is("Bold"),
      italic: is("Italic"),
      underline: is("Underline"),
      alignment: (isLegacy ? fromLegacy(alignment) : alignment) || 2,
    },
  ];
}

/** SSA counts 1 to 3 below, and adds 4 above and 8 in the middle. */
export function fromLegacy(alignment: number): number {
  const across = alignment & 3;
  if (across === 0) return 2;
  if (alignment & 4) return across + 6;
  return alignment & 8 ? across + 3 : across;
}

const nameOf = (style: string) => style.replace(/^\*/, "");

/** Layer, Start, End, Style, Name, three margins, Effect, Text: the muxer writes this order whatever a script says. */
function eventOf(value: string): Event[] {
  const [, start = "", end = "", style = "", , , , , , ...text] = value.split(",");
  const event = { start: millisecondsOf(start), end: millisecondsOf(end), style: nameOf(style.trim()) };
  return event.end > event.start ? [{ ...event, text: text.join(",") }] : [];
}

const millisecondsOf = (time: string) =>
  Math.round(time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1_000);
