import type { Argv } from "#worker/ffmpeg/argv.ts";
import { runToEnd, type Spawning } from "#worker/ffmpeg/run.ts";
import { textFilter } from "#worker/plan/burned.ts";

type Size = { width: number; height: number };

type Drawing = {
  /** The path of the script. */
  script: string;
  /** The size of the picture that it is drawn over. */
  size: Size;
  /** The size that it is brought to afterwards. */
  scaled: Size;
  /** The moments at which it is drawn, in seconds; each later than the one before. */
  moments: readonly number[];
};

/** The luma of a text alone at one moment, over black and over white: where both are the same, nothing shows through. */
export type DrawnText = { overBlack: Uint8Array; overWhite: Uint8Array };

/** Draws a text as an encode does; undefined where ffmpeg cannot. `onLine` gets what it says meanwhile. */
export async function drawText(
  { script, size, scaled, moments }: Drawing,
  { signal, spawn }: Spawning,
  onLine?: (line: string) => void,
): Promise<DrawnText[] | undefined> {
  const clock = moments.map((seconds, at) => `eq(N\\,${at})*${Math.round(seconds * 1_000)}`).join("+");
  const source = (colour: string, at: number) =>
    `color=c=${colour}:s=${size.width}x${size.height}:r=25,trim=end_frame=${moments.length},format=yuv420p,settb=1/1000,` +
    `setpts=${clock},${textFilter(script)},scale=${scaled.width}:${scaled.height}:flags=area,format=yuv420p,extractplanes=y,setsar=1[c${at}]`;
  const argv: Argv = [
    ...(["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-v", "info", "-filter_complex_threads", "1"] as const),
    ...["-filter_complex", `${["black", "white"].map(source).join(";")};[c0][c1]concat=n=2[all]`],
    ...["-map", "[all]", "-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo", "-"],
  ];
  const { stdout, ended } = await runToEnd(spawn, { argv, signal, reads: [script], ...(onLine && { onLine }) });
  const bytes = scaled.width * scaled.height;
  if (ended.exitCode !== 0 || stdout.length !== 2 * moments.length * bytes) return undefined;
  const picture = (at: number) => stdout.subarray(at * bytes, (at + 1) * bytes);
  return moments.map((_, at) => ({ overBlack: picture(at), overWhite: picture(moments.length + at) }));
}

/** The luma of black and white in limited range. */
const [black, white] = [16, 235] as const;

/** How much of each pixel a text covers, from 0 to 1. */
export const coverOf = ({ overBlack, overWhite }: DrawnText): number[] =>
  Array.from(overBlack, (dark, at) => 1 - ((overWhite[at] ?? white) - dark) / (white - black));
