import type { Colour } from "#worker/plan/colour.ts";

type Rgb = readonly [number, number, number];

/** The weights of red and blue in luma (ITU-T H.273, matrix coefficients). */
const weights: Readonly<Record<string, readonly [number, number]>> = {
  bt709: [0.2126, 0.0722],
  bt2020nc: [0.2627, 0.0593],
};
const bt601 = [0.299, 0.114] as const;

/** BT.709 in BT.2020, both linear (ITU-R BT.2087). */
const toWide: readonly Rgb[] = [
  [0.6274, 0.3293, 0.0433],
  [0.0691, 0.9195, 0.0114],
  [0.0164, 0.088, 0.8956],
];

/** White of text in HDR, in cd/m2, and where that lies in a signal of HLG (ITU-R BT.2408). */
const whiteNits = 203;
const whiteOfHlg = 0.265;

/**
 * The colour that a script must name so that it is drawn as this one. ffmpeg's filter draws by BT.601 and limited range
 * whatever the picture says of itself (5.1 to 9.0), which would give other hues, and in HDR white of 10,000 cd/m2.
 */
export function drawnColour(colour: Rgb, { matrix, transfer }: Colour): Rgb {
  const [red, green, blue] = signalOf(colour, transfer);
  const [r, b] = weights[matrix] ?? bt601;
  const luma = r * red + (1 - r - b) * green + b * blue;
  return toRgb(luma, (blue - luma) / (2 - 2 * b), (red - luma) / (2 - 2 * r));
}

function toRgb(luma: number, u: number, v: number): Rgb {
  const [r, b] = bt601;
  const red = luma + v * (2 - 2 * r);
  const blue = luma + u * (2 - 2 * b);
  const green = (luma - r * red - b * blue) / (1 - r - b);
  const byte = (value: number) => Math.round(255 * Math.min(1, Math.max(0, value)));
  return [byte(red), byte(green), byte(blue)];
}

/** Its numbers in a signal of this transfer, from 0 to 1: the same in SDR. */
function signalOf(colour: Rgb, transfer: string): Rgb {
  const shares = mapped(colour, (value) => value / 255);
  const encode = { smpte2084: pq, "arib-std-b67": hlg }[transfer];
  if (!encode) return shares;
  const linear = mapped(shares, (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  const wide = (row: Rgb) => row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2];
  const [red = 0, green = 0, blue = 0] = toWide.map((row) => encode(wide(row)));
  return [red, green, blue];
}

const mapped = ([red, green, blue]: Rgb, of: (value: number) => number): Rgb => [of(red), of(green), of(blue)];

/** SMPTE ST 2084, of a share of white. */
function pq(share: number): number {
  const power = ((share * whiteNits) / 10_000) ** 0.1593017578125;
  return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375;
}

/** ARIB STD-B67, of a share of white. */
function hlg(share: number): number {
  const scene = share * whiteOfHlg;
  return scene <= 1 / 12 ? Math.sqrt(3 * scene) : 0.17883277 * Math.log(12 * scene - 0.28466892) + 0.55991073;
}
