/** Turns the parts of a text that are in `backticks` into code elements. */
export const inlineCode = (text: string) =>
  text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
