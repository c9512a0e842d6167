/** Eight bars, and what they must be shown as. */
export const bars = [
  [255, 255, 255],
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
  [0, 0, 0],
  [128, 128, 128],
  [192, 128, 64],
] as const;
const hex = (colour: readonly number[]) => `0x${colour.map((value) => value.toString(16).padStart(2, "0")).join("")}`;

export const barsOf = (width: number, height: number) => {
  const boxes = bars.map(
    (colour, at) => `drawbox=x=${(at * width) / 8}:w=${width / 8}:h=${height}:c=${hex(colour)}:t=fill`,
  );
  return [
    "-f",
    "lavfi",
    "-i",
    `color=c=black:s=${width}x${height}:r=10:d=1,format=gbrp,${boxes.join(",")},format=gbrp`,
  ];
};

type Coded = { matrix: "bt709" | "bt601" | "bt2020"; range?: "tv" | "pc"; pixels?: string; tags?: string };
/** How the bars are turned into numbers, and what is said of it. */
export const coded = ({ matrix, range = "tv", pixels = "yuv420p", tags }: Coded) => [
  "-vf",
  [
    `scale=out_color_matrix=${matrix}:out_range=${range}:flags=accurate_rnd+full_chroma_int,format=${pixels}`,
    ...(tags === undefined
      ? ["setparams=colorspace=unknown:color_primaries=unknown:color_trc=unknown"]
      : [`setparams=${tags}`]),
  ].join(","),
];
