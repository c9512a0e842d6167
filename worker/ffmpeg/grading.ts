/** What an HDR picture says of how it was made (SMPTE ST 2086, CTA-861.3). */
export type Grading = {
  /** The display that it was made on; left out where it does not say, or not all of it. */
  mastering?: MasteringDisplay;
  /** How bright it gets; left out where it does not say. */
  light?: ContentLight;
};

/** Colours as x and y (CIE 1931) in steps of 0.00002, luminance in steps of 0.0001 cd/m2, as H.265 has them. */
export type MasteringDisplay = {
  green: readonly [x: number, y: number];
  blue: readonly [x: number, y: number];
  red: readonly [x: number, y: number];
  white: readonly [x: number, y: number];
  luminance: readonly [most: number, least: number];
};

/** Of the brightest pixel (MaxCLL), and of the picture that is brightest on average (MaxFALL), in cd/m2. */
export type ContentLight = { most: number; average: number };
