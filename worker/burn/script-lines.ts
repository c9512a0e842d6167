/** A line of a script as ffmpeg's muxer writes it, but for its times. */
export type ScriptLine = {
  /** When it is shown, in seconds. */
  start: number;
  end: number;
  /** The layer. */
  layer: string;
  /** Style, name, the three margins, effect and text. */
  rest: string;
};

/** What an author's script says, as far as it is drawn: fonts and pictures that it brings are left out. */
export type AuthoredScript = {
  /** The lines of what is said for all of it. */
  info: ReadonlyMap<string, string>;
  /** Whether it is of SSA, the version before ASS. */
  isLegacy: boolean;
  /** Its styles, with the line that names their columns. */
  styles: readonly string[];
  lines: readonly ScriptLine[];
};

/** What of `[Script Info]` is for drawing; a value is a number or a word. */
const infoKeys = /^(PlayResX|PlayResY|LayoutResX|LayoutResY|WrapStyle|ScaledBorderAndShadow|Collisions|Kerning)$/;
const infoValue = /^[\w.+-]{1,16}$/;

/** Reads a script that ffmpeg's muxer wrote, whatever was in it before. */
export function authoredScript(text: string): AuthoredScript {
  const info = new Map<string, string>();
  const styles: string[] = [];
  const lines: ScriptLine[] = [];
  let section = "";
  let isLegacy = false;
  for (const line of linesIn(text)) {
    section = /^\[(.*)\]\s*$/.exec(line)?.[1]?.toLowerCase() ?? section;
    const [, key = "", value = ""] = /^(\w+): *(.*)$/.exec(line) ?? [];
    if (section === "script info" && infoKeys.test(key) && infoValue.test(value.trim())) info.set(key, value.trim());
    if (/^v4\+? styles\+?$/.test(section) && /^(Format|Style)$/.test(key)) {
      isLegacy = section === "v4 styles";
      styles.push(line);
    }
    if (section === "events" && key === "Dialogue") lines.push(...lineIn(value));
  }
  return { info, isLegacy, styles, lines };
}

/** The columns of a line as ffmpeg's muxer writes them, and what those have that a script leaves out. */
const columns = {
  ...{ layer: "0", start: "", end: "", style: "Default", name: "", marginl: "0", marginr: "0", marginv: "0" },
  ...{ effect: "", text: "" },
} as const;

/** A script whose lines have the columns in the order of the muxer, whichever order it says itself. */
export function inUsualOrder(script: string): string {
  let order: readonly string[] = Object.keys(columns);
  let section = "";
  const lines = linesIn(script).map((line) => {
    section = /^\[(.*)\]\s*$/.exec(line)?.[1]?.toLowerCase() ?? section;
    const [, key = "", value = ""] = /^(\w+): *(.*)$/.exec(line) ?? [];
    if (section !== "events" || !/^(Format|Dialogue)$/.test(key)) return line;
    if (key === "Format") {
      order = value.split(",").map((column) => column.trim().toLowerCase());
      return "";
    }
    const values = value.split(",");
    const known = new Map(
      order.map((column, at) => [column, at === order.length - 1 ? values.slice(at).join() : values[at]]),
    );
    return `Dialogue: ${Object.entries(columns)
      .map(([column, otherwise]) => known.get(column) ?? otherwise)
      .join()}`;
  });
  return lines.join("\n");
}

/** A character of control would end a line, or the script. */
const linesIn = (text: string) => text.split(/\r\n|\r|\n/).map((line) => line.replace(/\p{Cc}/gu, ""));

function lineIn(value: string): ScriptLine[] {
  const [layer = "", start = "", end = "", ...rest] = value.split(",");
  // SSA has a mark in its place.
  const line = { start: secondsOf(start), end: secondsOf(end), layer: /^\d{1,6}$/.exec(layer.trim())?.[0] ?? "0" };
  return line.end > line.start ? [{ ...line, rest: rest.join() }] : [];
}

const secondsOf = (time: string) => time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

/** What an author's numbers count in. */
export function playRes(info: ReadonlyMap<string, string>): { width: number; height: number } {
  const [width, height] = [Number(info.get("PlayResX")) || 0, Number(info.get("PlayResY")) || 0];
  if (width <= 0 && height <= 0) return { width: 384, height: 288 };
  return { width: width > 0 ? width : (height * 4) / 3, height: height > 0 ? height : (width * 3) / 4 };
}
