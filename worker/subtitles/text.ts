import { applyBlock, type State } from "./override.ts";
import type { Emphasis, Event, Script } from "./script.ts";

/** How the decoder of a codec writes text as ASS. */
export type Dialect = "ass" | "marked" | "escaped";

export type Run = Emphasis & {
  /** As it is shown, not yet escaped for WebVTT. */
  text: string;
  /** The colour of its letters as a script has it, blue first; absent: that of the style, or it is not asked for. */
  colour?: string | undefined;
};

/** The visible text of an event in runs of one style each, and the position that its overrides set. */
export type Shown = Pick<State, "alignment" | "position"> & {
  /** In the order of the text. */
  runs: readonly Run[];
};

/** Reads the text of an event; drawings and comments are left out, and colours unless they are asked for. */
export function shownText(event: Event, script: Script, dialect: Dialect, hasColours = false): Shown {
  const plain = { bold: false, italic: false, underline: false };
  const own = script.styles.get(event.style) ?? script.styles.get("Default") ?? plain;
  const styleNamed = (name: string) => (name === "" ? own : (script.styles.get(name) ?? own));
  const { bold, italic, underline } = own;
  let state: State = { bold, italic, underline, isDrawing: false, breaksSoftly: script.breaksSoftly };
  const runs: Run[] = [];
  for (const { block, text } of piecesOf(event.text, dialect)) {
    if (block !== undefined) state = applyBlock(block, state, styleNamed);
    else if (!state.isDrawing) addText(runs, runOf(state, hasColours), unescaped(text, dialect, state.breaksSoftly));
  }
  const { alignment, position } = state;
  return { runs, ...(alignment && { alignment }), ...(position && { position }) };
}

const runOf = ({ bold, italic, underline, colour }: State, hasColours: boolean): Omit<Run, "text"> => ({
  ...{ bold, italic, underline },
  ...(hasColours && colour !== undefined && { colour }),
});

function addText(runs: Run[], style: Omit<Run, "text">, text: string) {
  const { bold, italic, underline, colour } = style;
  const last = runs.at(-1);
  const isSame = last && last.bold === bold && last.italic === italic && last.underline === underline;
  if (isSame && last.colour === colour) last.text += text;
  else runs.push({ text, ...style });
}

// In SubRip and mov_text braces are text unless a tag follows; in ASS a block without a tag is a comment.
const blocks: Record<Dialect, RegExp> = {
  ass: /(\\[{}])|\{([^}]*)\}/g,
  marked: /((?!))|\{(\\[^}]*)\}/g,
  escaped: /(\\[{}\\])|\{([^}]*)\}/g,
};

/** Splits a text into override blocks and the text between them. */
function* piecesOf(text: string, dialect: Dialect): Generator<{ block?: string; text: string }> {
  // A block that is never closed is text. Its end is searched for only once, or long texts would take for ever.
  const closed = text.slice(0, text.lastIndexOf("}") + 1);
  let done = 0;
  for (const match of closed.matchAll(blocks[dialect])) {
    const [whole, , block] = match;
    if (block === undefined) continue;
    yield { text: text.slice(done, match.index) };
    yield { block, text: "" };
    done = match.index + whole.length;
  }
  yield { text: text.slice(done) };
}

const escapes: Record<Dialect, RegExp> = {
  ass: /\\([Nnh{}])/g,
  marked: /\\([Nh])/g,
  // Newer decoders put a word joiner between a backslash and the character after it.
  escaped: /\\(?:([Nnh{}\\])|(?=\u2060))\u2060?/g,
};

function unescaped(text: string, dialect: Dialect, breaksSoftly: boolean): string {
  const plain = text.replace(escapes[dialect], (_, letter: string | undefined) => {
    if (letter === "N") return "\n";
    if (letter === "n") return breaksSoftly ? "\n" : " ";
    return letter === "h" ? "\u00a0" : (letter ?? "\\");
  });
  return dialect === "marked"
    ? plain.replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => entities[name] ?? "")
    : plain;
}

const entities: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0", "#39": "'" },
};
