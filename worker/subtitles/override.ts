import { type Emphasis, fromLegacy } from "./script.ts";

/** How text goes on after an override block, and where its line stands. */
export type State = Emphasis & {
  isDrawing: boolean;
  breaksSoftly: boolean;
  /** As on a numeric keypad; the first one counts. */
  alignment?: number;
  /** In the script's own pixels; the first one counts. */
  position?: { x: number; y: number };
};

type Change = (value: string, state: State, styleNamed: (name: string) => Emphasis) => Partial<State>;

/** Applies what stands between braces; `styleNamed` gives what `\r` and tags without a value return to. */
export function applyBlock(block: string, state: State, styleNamed: (name: string) => Emphasis): State {
  let now = state;
  for (const tag of tagsOf(block)) {
    for (const [pattern, change] of changes) {
      const value = pattern.exec(tag);
      if (value) now = { ...now, ...change(value[1] ?? "", now, styleNamed) };
    }
  }
  return now;
}

const changes: readonly (readonly [RegExp, Change])[] = [
  // A weight, or 1 for bold.
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

/** The tags of a block; those inside the parentheses of another, as in `\t(\i1)`, belong to it. */
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
