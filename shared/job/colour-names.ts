/** The sixteen names of colours that HTML began with, and their red, green and blue. */
const named: Readonly<Record<string, string>> = {
  black: "000000",
  silver: "c0c0c0",
  gray: "808080",
  white: "ffffff",
  maroon: "800000",
  red: "ff0000",
  purple: "800080",
  fuchsia: "ff00ff",
  green: "008000",
  lime: "00ff00",
  olive: "808000",
  yellow: "ffff00",
  navy: "000080",
  blue: "0000ff",
  teal: "008080",
  aqua: "00ffff",
};

export const colourNames = Object.keys(named);

const hex = /^#([0-9a-f]{6})$/;

/** The six hexadecimal digits of a colour such as `#1a2b3c` or `white`; undefined for what is none. */
export const colourDigits = (text: string): string | undefined =>
  Object.hasOwn(named, text) ? named[text] : hex.exec(text.toLowerCase())?.[1];
