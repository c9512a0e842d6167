// What moves the cursor or changes the terminal may stand in the name of a file.
const control = /\p{Cc}/gu;

/** A text as it may be written into a line of a terminal. */
export const plain = (text: string) => text.replace(control, " ");

/** The text in at most so many cells of a terminal, where a Japanese letter or an emoji takes two; `…` ends one that is cut. */
export const cut = (text: string, cells: number) => Bun.sliceAnsi(plain(text), 0, cells, { ellipsis: "…" });

/** The text with spaces behind it, so that it takes so many cells of a terminal. */
export const padded = (text: string, cells: number) => {
  const line = plain(text);
  return line + " ".repeat(Math.max(0, cells - Bun.stringWidth(line)));
};

/** The cells that the widest of these texts takes. */
export const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => Bun.stringWidth(plain(text))));
