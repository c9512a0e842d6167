import type { Clip } from "#shared/job/clip.ts";
import type { Argv } from "./argv.ts";
import { inputAllowlist } from "./input-allowlist.ts";
import type { Probe } from "./media.ts";
import { type Packets, readPackets } from "./packets.ts";
import { type Reading, readProcess } from "./read-process.ts";
import { seekingIn } from "./seeking.ts";
import { isKnown } from "./streams.ts";

/** What is known of a source before its packets are read. */
export type Known = { header?: Probe; inputOptions?: readonly string[] };

/** A part of a file, in seconds by the clock that begins at zero: from some keyframe before `from` on. */
export type Part = {
  /** Zero: from the beginning. */
  from: number;
  /** Absent: to the end. */
  to?: number | undefined;
};

/** All packets of a source, or of a part of it. Without a header it reads whatever there is. */
export async function packetsOf(
  file: string,
  { header, inputOptions = [] }: Known,
  reading: Reading,
  part?: Part,
): Promise<Packets> {
  const said: string[] = [];
  const streams =
    header && [...(header.videos ?? []), ...header.audio.filter(isKnown)].map(({ index }) => `0:${index}`);
  const maps = streams ?? ["0:v?", "0:a?"];
  const { seek = [], end = [] } = part ? optionsOf(part) : {};
  const argv: Argv = [
    "ffmpeg",
    ...["-hide_banner", "-nostdin", "-v", "info", "-nostats", ...inputAllowlist, ...inputOptions, ...seek, "-i", file],
    ...maps.flatMap((map) => ["-map", map]),
    ...["-c", "copy", "-copyinkf", "-copy_unknown", ...end, "-f", "framecrc", "-"],
  ];
  const onLine = (line: string) =>
    void (/^ *Stream #0:\d+ ->|partial|prematurely|corrupt/.test(line) && said.push(line));
  return readProcess({ argv, reads: [file], onLine }, reading, (stdout, ended) =>
    readPackets(
      stdout,
      ended.then(() => said),
    ),
  );
}

const optionsOf = ({ from, to }: Part) => ({
  seek: [...(from > 0 ? ["-ss", from.toFixed(6)] : []), "-copyts", "-start_at_zero"],
  end: ["-copypriorss", "1", ...(to === undefined ? [] : ["-to", to.toFixed(6)])],
});

/** So much is read before a clip at least: decoders of sound begin with what is before, and fields lie beside others. */
export const leadSeconds = 1.5;
/** How much more is tried, where what is found begins too late: seeking goes by when pictures are decoded, or not at all. */
const furtherSeconds = [10, 60, Number.POSITIVE_INFINITY];
/** Pictures come in another order than they are shown in. */
const tailSeconds = 2;

/**
 * The packets of a clip, from a keyframe before it on, and the part of the file that has them; undefined where no moment
 * can be looked for.
 */
export async function packetsAround(
  { start, end }: Clip,
  known: Required<Known>,
  file: string,
  reading: Reading,
): Promise<{ packets: Packets; part: Part } | undefined> {
  const { header } = known;
  if (seekingIn(header.format) !== "indexed") return undefined;
  const to = end === undefined ? undefined : end + tailSeconds;
  const begin = Math.min(start, header.durationSeconds ?? start) - leadSeconds;
  for (const further of [0, ...furtherSeconds]) {
    const part = { from: Math.max(0, begin - further), to };
    const packets = await packetsOf(file, known, reading, part);
    if (part.from > 0 && !reachesBack(packets, header, start)) continue;
    const last = Math.max(0, ...[...packets.streams.values()].map(({ endSeconds }) => endSeconds));
    const isCutOff = packets.isCutOff && (end === undefined || last < end);
    return { packets: { ...packets, isCutOff }, part };
  }
  return undefined;
}

/** Whether each stream begins before a moment with what can be decoded. */
function reachesBack({ lists }: Packets, { videos = [], audio }: Probe, moment: number): boolean {
  const begins = [
    ...videos.map(({ index }) => lists.get(index)?.keyframes[0]),
    ...audio.map(({ index }) => lists.get(index)?.times[0]),
  ];
  const known = begins.filter((seconds) => seconds !== undefined);
  return known.length > 0 && known.every((seconds) => seconds <= moment);
}
