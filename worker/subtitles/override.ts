import { type Emphasis, fromLegacy } from "./script.ts";

/** The style of the text after an override block, and the position of its line. */
export type State = Emphasis & {
  /** Whether the text is a drawing, which is not shown as text. */
  isDrawing: boolean;
  /** Whether `\n` begins a new line. */
  breaksSoftly: boolean;
  /** The colour of the letters as a script has it, blue first, such as `00FFFF`; absent: that of the style. */
  colour?: string;
  /** The alignment as on a numeric keypad; the first one in an event counts. */
  alignment?: number;
  /** The position in pixels of the script; the first one in an event counts. */
  position?: { x: number; y: number };
};

type Change = (value: string, state: State, styleNamed: (name: string) => Emphasis) => Partial<State>;

/** Applies the tags of an override block; `styleNamed` finds the style that `\r` and tags without a value return to. */
export function applyBlock(block: string, state: State, styleNamed: (name: string) => Emphasis): State {
  let now = state;
  for (const tag of tagsOf(block)) {
    now = coloured(tag, now);
    for (const [pattern, change] of changes) {
      const value = pattern.exec(tag);
      if (value) now = { ...now, ...change(value[1] ?? "", now, styleNamed) };
    }
  }
  return now;
}

/** Letters have one colour until the next tag of their fill, or of their style. */
function coloured(tag: string, state: State): State {
  const fill = /^(?:1?c(?:&H([0-9A-F]{1,6})&?)?|r.*)$/i.exec(tag);
  if (!fill) return state;
  const { colour: _, ...plain } = state;
  return fill[1] === undefined ? plain : { ...plain, colour: fill[1].padStart(6, "0").toUpperCase() };
}

const changes: readonly (readonly [RegExp, Change])[] = [
  // The value is a weight, or 1 for bold.
  [/^b(\d*)$/, (value, _, style) => ({ bold: value ? value === "1" || Number(value) >= 600 : style("").bold })],
  [/^i([01]?)$/, (value, _, style) => ({ italic: value ? value === "1" : style("").italic })],
  [/^u([01]?)$/, (value, _, style) => ({ underline: value ? value === "1" : style("").underline })],
  [/^p(\d+)$/, (value) => ({ isDrawing: Number(value) > 0 })],
  [/^q(\d)$/, (value) => ({ breaksSoftly: value === "2" })],
  [/^an([1-9])$/, (value, { alignment = Number(value) }) => ({ alignment })],
  [/^a(\d+)$/, (value, { alignment = fromLegacy(Number(value)) }) => ({ alignment })],
  [/^(?:pos|move)\(([^)]*)/, (value, { position = pointOf(value) }) => (position ? { position } : {})],
  [
    /^r(.*)$/,
    (value, _, style) => {
      const { bold, italic, underline } = style(value);
      return { bold, italic, underline };
    },
  ],
];

function pointOf(value: string) {
  const [x = Number.NaN, y = Number.NaN] = value.split(",").map(Number.parseFloat);
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : undefined;
}

/** The tags of a block; a tag in the parentheses of another, as in `\t(\i1)`, belongs to that one. */
function tagsOf(block: string): string[] {
  const tags: string[] = [];
  let depth = 0;
  let begin = -1;
  const end = (at: number) => begin >= 0 && tags.push(block.slice(begin, at).trim());
  for (let at = 0; at < block.length; at += 1) {
    const letter = block[at];
    if (letter === "(") depth += 1;
    else if (letter === ")") depth = Math.max(0, depth - 1);
    else if (letter === "\\" && depth === 0) {
      end(at);
      begin = at + 1;
    }
  }
  end(block.length);
  return tags;
}
