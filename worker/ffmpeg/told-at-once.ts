import { headerAndPackets } from "./header-and-packets.ts";
import type { Reading } from "./read-process.ts";
import { isKnown } from "./streams.ts";

// Each packet is a line of text to read: to start a second process takes less than those of a long film.
const mostBytes = 32 * 2 ** 20;

/**
 * Header and packets of a short film as cameras and editors make it, by one process; undefined where ffmpeg must read the
 * packets, because it would mend them, or where the header does not tell all. `isMatroska`: whether it is known to be that.
 */
export async function toldAtOnce(file: string, isMatroska: boolean, options: Reading) {
  const source = Bun.file(file);
  if (source.size > mostBytes) return undefined;
  if (!isMatroska && (await source.slice(4, 8).text()) !== "ftyp") return undefined;
  const { header, packets, isFlawless } = await headerAndPackets(file, options);
  return isFlawless && header.audio.every(isKnown) ? { header, packets, inputOptions: [] } : undefined;
}
