// What moves the cursor, changes the terminal, breaks a line or turns the direction of text may stand in the name of a file.
const control = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (one: string) => {
  const code = one.codePointAt(0) ?? 0;
  return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : jsonEscape(one);
};
const jsonEscape = (one: string) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;

/** A text as it may be written into a line of a terminal: control characters and those of direction as `\x1b` or `\u202e`. */
export const plain = (text: string) => text.replace(control, escaped);

/** A text of several lines as it may be written to a terminal. */
export const plainLines = (text: string) => text.split("\n").map(plain).join("\n");

/** A value in one line of JSON, as it may be written to a terminal; what it is parsed to is the same. */
export const plainJson = (value: unknown) => JSON.stringify(value).replace(control, jsonEscape);

/** The text in at most so many cells of a terminal, where a Japanese letter or an emoji takes two; `…` ends one that is cut. */
export const cut = (text: string, cells: number) => Bun.sliceAnsi(plain(text), 0, cells, { ellipsis: "…" });

/** The text with spaces behind it, so that it takes so many cells of a terminal. */
export const padded = (text: string, cells: number) => {
  const line = plain(text);
  return line + " ".repeat(Math.max(0, cells - Bun.stringWidth(line)));
};

/** The cells that the widest of these texts takes. */
export const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => Bun.stringWidth(plain(text))));
