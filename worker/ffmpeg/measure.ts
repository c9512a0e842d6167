import { headerAndPackets } from "./header-and-packets.ts";
import type { Probe } from "./media.ts";
import type { Reading } from "./read-process.ts";
import { run } from "./run.ts";
import { withPackets } from "./survey.ts";

type Options = Pick<Reading, "signal"> & Partial<Reading> & { inputOptions?: readonly string[] };

/**
 * Looks at a file of our own: its header and its packets, by one process. The times of such a file need not be mended, so
 * that those which its demuxer tells are those which a player gets. `inputOptions` tell what ffmpeg would have to guess.
 */
export async function measure(
  file: string,
  { signal, spawn = run, stallMs = 60_000, inputOptions = [] }: Options,
): Promise<Probe> {
  const { header, packets } = await headerAndPackets(file, { signal, spawn, stallMs, inputOptions });
  // An init segment has none.
  return packets.streams.size === 0 ? header : withPackets(header, packets);
}
