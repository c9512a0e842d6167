/** The trades of encoding time for quality, from the quickest to the slowest, by the names of x264. */
export const speeds = [
  "ultrafast",
  "superfast",
  "veryfast",
  "faster",
  "fast",
  "medium",
  "slow",
  "slower",
  "veryslow",
] as const;
export type Speed = (typeof speeds)[number];
