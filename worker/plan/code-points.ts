import type { Colour } from "./colour.ts";

/** How an adaptation set of a DASH manifest says what its colours are. */
export type SetColour = {
  colour: Colour;
  /** Whether players that do not know these colours are to leave it alone, because another set shows the same. */
  isEssential: boolean;
};

/** The numbers of ITU-T H.273 (ISO/IEC 23091-2) for what ffmpeg names. */
const primaries: Readonly<Record<string, number>> = {
  ...{ bt709: 1, bt470m: 4, bt470bg: 5, smpte170m: 6, smpte240m: 7, bt2020: 9 },
};
const transfers: Readonly<Record<string, number>> = {
  ...{ bt709: 1, bt470m: 4, bt470bg: 5, smpte170m: 6, smpte240m: 7, smpte2084: 16, "arib-std-b67": 18 },
};
const matrices: Readonly<Record<string, number>> = { bt709: 1, bt470bg: 5, smpte170m: 6, smpte240m: 7, bt2020nc: 9 };

/** The code points of a colour by the names that DASH has for them; what has no number here is left out. */
export const codePoints = (colour: Colour): [name: string, value: number][] =>
  (
    [
      ["ColourPrimaries", primaries[colour.primaries]],
      ["TransferCharacteristics", transfers[colour.transfer]],
      ["MatrixCoefficients", matrices[colour.matrix]],
    ] as const
  ).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
