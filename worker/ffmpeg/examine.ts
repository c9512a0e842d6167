import { Fault } from "#shared/fault.ts";
import type { Clip } from "#shared/job/clip.ts";
import { isEncrypted } from "#worker/mp4/encryption.ts";
import { holdsSeveralMovies } from "#worker/mp4/movie-box.ts";
import type { Argv } from "./argv.ts";
import { captionsIn } from "./captions.ts";
import { clipOf } from "./clip.ts";
import { framesQuery, framesQueryOf, mayChange, readFrames } from "./frames.ts";
import { gradingIn } from "./hdr-side-data.ts";
import { inputAllowlist } from "./input-allowlist.ts";
import { holdsSeveralSegments, isMatroskaFilm } from "./matroska.ts";
import type { Probe } from "./media.ts";
import type { Packets } from "./packets.ts";
import { readPlainMovie } from "./plain-movie.ts";
import { probe } from "./probe.ts";
import { type Reading, readProcess } from "./read-process.ts";
import { run, type Spawn } from "./run.ts";
import { type Known, type Part, packetsAround, packetsOf } from "./source-packets.ts";
import { longestGap, moved, movedList } from "./stream-packets.ts";
import { isKnown } from "./streams.ts";
import { severalRecordings, withFrames, withPackets } from "./survey.ts";
import { toldAtOnce } from "./told-at-once.ts";
import { wavOptions } from "./wav.ts";

type Options = {
  signal: AbortSignal;
  spawn?: Spawn;
  /** The longest time in which nothing more of the file is read. */
  stallMs?: number;
  /** The part of the source that is taken; of the rest only what tells of that is read. Default: all of it. */
  clip?: Clip | undefined;
};

/**
 * Looks at a source from its header to its last packet. Headers are wrong in many files that play well everywhere:
 * what is planned and verified rests on the packets.
 */
export async function examine(file: string, { signal, spawn = run, stallMs = 60_000, clip }: Options): Promise<Probe> {
  signal.throwIfAborted();
  const plain = clip ? undefined : await readPlainMovie(file);
  // An init segment has no length.
  if (plain?.durationSeconds !== undefined)
    return withPictures(file, { ...plain, inputOptions: [] }, {}, { signal, spawn, stallMs });
  const given = new AbortController();
  const options = { spawn, stallMs, signal: AbortSignal.any([signal, given.signal]) };
  const { frames } = await framesBegun(file, clip, options);
  const told = clip ? undefined : await toldAtOnce(file, frames !== undefined, options);
  // Both read the whole file's head, and starting a process is what takes the time.
  const reading = told || clip ? undefined : packetsOf(file, {}, options);
  reading?.catch(() => {});
  try {
    const { header, inputOptions } = told ?? (await headerOf(file, options));
    await checkFile(file, header);
    const known = { header, inputOptions };
    const around = clip && (await packetsAround(clip, known, file, options));
    const packetsOfAll = async () => told?.packets ?? (await packetsKnowing(known, file, { reading, options }));
    const { packets, part } = around ?? { packets: await packetsOfAll() };
    const read = await streamsOf(file, { known, packets, part }, options);
    const whole = await withPictures(file, { ...read.source, inputOptions }, { part, frames }, options);
    if (!clip) return whole;
    const sourceSeconds = part && header.durationSeconds;
    return clipOf({ source: whole, packets: read.packets, sourceSeconds, seekSeconds: part?.from }, clip);
  } finally {
    given.abort();
    await Promise.allSettled([reading, frames]);
  }
}

async function checkFile(file: string, header: Probe) {
  if (/mov|mp4/.test(header.format) && (await isEncrypted(file))) {
    throw new Fault("source_failed", "the source is encrypted: send it decrypted");
  }
  if (await holdsSeveralFiles(file, header)) throw severalRecordings();
}

type Read = { known: Required<Known>; packets: Packets; part?: Part | undefined };

/** What the packets tell of the streams that they belong to. */
async function streamsOf(file: string, { known, packets, part }: Read, reading: Reading) {
  const together = withPackets(known.header, packets);
  // Of a part nobody knows how long the whole is; where it can be looked for, the clock goes on.
  if (part) return { source: { ...together, isSteady: true }, packets };
  const isRestarted = !together.isSteady && /mpegts|^mpeg$/.test(known.header.format);
  return isRestarted ? readApart(file, { together, known, packets }, reading) : { source: together, packets };
}

/** Begins to read the frames of a file that surely need it: by then nothing else is known of it. */
async function framesBegun(file: string, clip: Clip | undefined, reading: Reading): Promise<Begun> {
  if (clip || !(await isMatroskaFilm(file))) return {};
  const frames = framesOf(file, {}, undefined, reading);
  frames.catch(() => {});
  return { frames };
}

type Begun = {
  part?: Part | undefined;
  /** What its frames tell, where they are read already. */
  frames?: ReturnType<typeof framesOf> | undefined;
};

/** The same source with what only its pictures tell. */
async function withPictures(file: string, found: Probe, { part, frames: begun }: Begun, reading: Reading) {
  const { signal, spawn } = reading;
  const [frames, captions, grading] = await Promise.all([
    mayChange(found.format, found.video) ? (begun ?? framesOf(file, found, part, reading)) : undefined,
    captionsIn(found, file, { signal, spawn, part }),
    gradingIn(found, file, { signal, spawn }),
  ]);
  const framed = frames ? withFrames(found, frames(found)) : found;
  const more = { ...(captions && { captions }), ...(grading && { grading }) };
  return framed.video ? { ...framed, video: { ...framed.video, ...more } } : framed;
}

const holdsSeveralFiles = async (file: string, { format }: Probe) =>
  (/mov|mp4/.test(format) && (await holdsSeveralMovies(file))) ||
  (format.includes("matroska") && (await holdsSeveralSegments(file)));

// How far ahead ffmpeg looks for a sound that is announced and comes late.
const patientProbe = ["-probesize", "200M", "-analyzeduration", "600M"];

/** What ffprobe says, and what this file must be read with. */
async function headerOf(file: string, options: Reading) {
  const header = await probe(file, options);
  const inputOptions = await wavOptions(file, header.format);
  if (isReadable(header) || inputOptions.length > 0) return { header, inputOptions };
  return { header: await probe(file, { ...options, inputOptions: patientProbe }), inputOptions: patientProbe };
}

/** Whether every sound that the header names has been seen. */
const isReadable = ({ audio }: Probe) => audio.every(isKnown);

/** What was read without a header, or what is read with it where the first reading was not enough. */
async function packetsKnowing(
  known: Required<Known>,
  file: string,
  { reading, options }: { reading: Promise<Packets> | undefined; options: Reading },
): Promise<Packets> {
  if (reading && known.inputOptions.length === 0 && isReadable(known.header)) {
    const packets = await reading;
    // A stream that the header does not know and that cannot be copied ends the reading of all.
    if (packets.streams.size > 0) return packets;
  }
  return packetsOf(file, known, options);
}

type Together = { together: Probe; known: Required<Known>; packets: Packets };

/** The same source, the film and its sounds each read through an opening of its own: see `Probe.apart`. */
async function readApart(
  file: string,
  { together, known, packets }: Together,
  reading: Reading,
): Promise<{ source: Probe; packets: Packets }> {
  const { header, inputOptions } = known;
  const streams = new Map(packets.streams);
  const lists = new Map(packets.lists);
  const apart = new Map<number, number>();
  for (const { index } of [...(together.video ? [together.video] : []), ...together.audio]) {
    const only = <Stream extends { index: number }>(found: readonly Stream[] = []) =>
      found.filter((stream) => stream.index === index);
    const alone = { ...header, videos: only(header.videos), audio: only(header.audio) };
    const read = await packetsOf(file, { header: alone, inputOptions }, reading);
    const [stream, list] = [read.streams.get(index), read.lists.get(index)];
    if (!stream || !list) continue;
    const offset = (packets.streams.get(index)?.startSeconds ?? 0) - stream.startSeconds;
    streams.set(index, moved(stream, offset));
    lists.set(index, movedList(list, offset));
    apart.set(index, offset);
  }
  const apartPackets = { ...packets, streams, lists, longestGap: longestGap([...streams.values()]) };
  const found = withPackets(header, apartPackets);
  // Read together, streams stay in step where the recordings meet; apart, each goes on where it ended.
  if (isSameLength(together, found)) return { source: together, packets };
  return { source: { ...found, apart }, packets: apartPackets };
}

function isSameLength(one: Probe, other: Probe): boolean {
  const ends = ({ video, audio }: Probe) =>
    [...(video ? [video] : []), ...audio].map(({ endSeconds = 0 }) => endSeconds);
  const expected = ends(other);
  return ends(one).every((end, at) => Math.abs(end - (expected[at] ?? 0)) < 0.5);
}

function framesOf(
  file: string,
  { inputOptions = [] }: Pick<Probe, "inputOptions">,
  part: Part | undefined,
  reading: Reading,
) {
  const argv: Argv = [
    "ffprobe",
    ...["-hide_banner", "-v", "quiet", ...inputAllowlist, ...inputOptions],
    ...(part ? framesQueryOf(part) : framesQuery),
    file,
  ];
  return readProcess({ argv, reads: [file] }, reading, readFrames);
}
