import { Fault } from "#shared/fault.ts";
import { isEncrypted } from "#worker/mp4/encryption.ts";
import { holdsSeveralMovies } from "#worker/mp4/movie-box.ts";
import type { Argv } from "./argv.ts";
import { captionsIn } from "./captions.ts";
import { framesQuery, mayChange, readFrames } from "./frames.ts";
import { gradingIn } from "./hdr-side-data.ts";
import { inputAllowlist } from "./input-allowlist.ts";
import { holdsSeveralSegments } from "./matroska.ts";
import { isKnown, type Probe } from "./media.ts";
import { type Packets, readPackets } from "./packets.ts";
import { probe } from "./probe.ts";
import { type Reading, readProcess } from "./read-process.ts";
import { run, type Spawn } from "./run.ts";
import { longestGap, moved } from "./stream-packets.ts";
import { severalRecordings, withFrames, withPackets } from "./survey.ts";
import { wavOptions } from "./wav.ts";

type Options = {
  signal: AbortSignal;
  spawn?: Spawn;
  /** The longest time in which nothing more of the file is read. */
  stallMs?: number;
};

/**
 * Looks at a source from its header to its last packet. Headers are wrong in many files that play well everywhere:
 * what is planned and verified rests on the packets.
 */
export async function examine(file: string, { signal, spawn = run, stallMs = 60_000 }: Options): Promise<Probe> {
  const given = new AbortController();
  const options = { spawn, stallMs, signal: AbortSignal.any([signal, given.signal]) };
  // Both read the whole file's head, and starting a process is what takes the time.
  const reading = packetsOf(file, {}, options);
  reading.catch(() => {});
  try {
    const { header, inputOptions } = await headerOf(file, options);
    if (/mov|mp4/.test(header.format) && (await isEncrypted(file))) {
      throw new Fault("source_failed", "the source is encrypted: send it decrypted");
    }
    if (await holdsSeveralFiles(file, header)) throw severalRecordings();
    const known = { header, inputOptions };
    const packets = await packetsKnowing(known, file, { reading, options });
    const together = withPackets(header, packets);
    const isRestarted = !together.isSteady && /mpegts|^mpeg$/.test(header.format);
    const found = {
      ...(isRestarted ? await readApart(file, { together, known, packets }, options) : together),
      inputOptions,
    };
    const [frames, captions, grading] = await Promise.all([
      mayChange(found.format, found.video) ? framesOf(file, found, options) : undefined,
      captionsIn(found, file, { signal, spawn }),
      gradingIn(found, file, { signal, spawn }),
    ]);
    const whole = frames ? withFrames(found, frames) : found;
    const more = { ...(captions && { captions }), ...(grading && { grading }) };
    return whole.video ? { ...whole, video: { ...whole.video, ...more } } : whole;
  } finally {
    given.abort();
    await reading.catch(() => {});
  }
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

type Known = { header?: Probe; inputOptions?: readonly string[] };

/** Without a header it reads whatever there is. */
async function packetsOf(file: string, { header, inputOptions = [] }: Known, reading: Reading): Promise<Packets> {
  const said: string[] = [];
  const streams =
    header && [...(header.videos ?? []), ...header.audio.filter(isKnown)].map(({ index }) => `0:${index}`);
  const maps = streams ?? ["0:v?", "0:a?"];
  const argv: Argv = [
    "ffmpeg",
    ...["-hide_banner", "-nostdin", "-v", "info", "-nostats", ...inputAllowlist, ...inputOptions, "-i", file],
    ...maps.flatMap((map) => ["-map", map]),
    ...["-c", "copy", "-copyinkf", "-copy_unknown", "-f", "framecrc", "-"],
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

/** What was read without a header, or what is read with it where the first reading was not enough. */
async function packetsKnowing(
  known: Required<Known>,
  file: string,
  { reading, options }: { reading: Promise<Packets>; options: Reading },
): Promise<Packets> {
  if (known.inputOptions.length === 0 && isReadable(known.header)) {
    const packets = await reading;
    // A stream that the header does not know and that cannot be copied ends the reading of all.
    if (packets.streams.size > 0) return packets;
  }
  return packetsOf(file, known, options);
}

type Together = { together: Probe; known: Required<Known>; packets: Packets };

/** The same source, the film and its sounds each read through an opening of its own: see `Probe.apart`. */
async function readApart(file: string, { together, known, packets }: Together, reading: Reading): Promise<Probe> {
  const { header, inputOptions } = known;
  const streams = new Map(packets.streams);
  const apart = new Map<number, number>();
  for (const { index } of [...(together.video ? [together.video] : []), ...together.audio]) {
    const only = <Stream extends { index: number }>(found: readonly Stream[] = []) =>
      found.filter((stream) => stream.index === index);
    const alone = { ...header, videos: only(header.videos), audio: only(header.audio) };
    const stream = (await packetsOf(file, { header: alone, inputOptions }, reading)).streams.get(index);
    if (!stream) continue;
    const offset = (packets.streams.get(index)?.startSeconds ?? 0) - stream.startSeconds;
    streams.set(index, moved(stream, offset));
    apart.set(index, offset);
  }
  const found = withPackets(header, { ...packets, streams, longestGap: longestGap([...streams.values()]) });
  // Read together, streams stay in step where the recordings meet; apart, each goes on where it ended.
  return isSameLength(together, found) ? together : { ...found, apart };
}

function isSameLength(one: Probe, other: Probe): boolean {
  const ends = ({ video, audio }: Probe) =>
    [...(video ? [video] : []), ...audio].map(({ endSeconds = 0 }) => endSeconds);
  const expected = ends(other);
  return ends(one).every((end, at) => Math.abs(end - (expected[at] ?? 0)) < 0.5);
}

function framesOf(file: string, source: Probe, reading: Reading) {
  const { inputOptions = [] } = source;
  const argv: Argv = [
    "ffprobe",
    ...["-hide_banner", "-v", "quiet", ...inputAllowlist, ...inputOptions, ...framesQuery, file],
  ];
  return readProcess({ argv, reads: [file] }, reading, (stdout) => readFrames(stdout, source));
}
