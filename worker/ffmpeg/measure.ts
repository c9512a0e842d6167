import * as v from "valibot";
import type { Argv } from "./argv.ts";
import { probeQueryWith } from "./ffprobe-report.ts";
import { inputAllowlist } from "./input-allowlist.ts";
import { lineBatches } from "./lines.ts";
import { isKnown, type Probe } from "./media.ts";
import { addPacket, type Collected, none, nothingYet, packetsOfAll, tickOf } from "./packets.ts";
import { headerFrom } from "./probe.ts";
import { type Reading, readProcess } from "./read-process.ts";
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
  const said: string[] = [];
  const argv: Argv = [
    ...(["ffprobe", "-hide_banner", "-v", "warning", ...inputAllowlist, ...inputOptions] as const),
    ...[...probeQueryWith(["packet=stream_index,pts,dts,duration,size,flags", "stream=time_base"]), file],
  ];
  const command = { argv, reads: [file], onLine: (line: string) => void said.push(line) };
  return readProcess(command, { signal, spawn, stallMs }, async (stdout, ended) => {
    const { json, packets } = await readReport(stdout);
    const header = await headerFrom(json, await ended, file);
    const found = packetsOfAll(collected(json, header, packets), said);
    // An init segment has none.
    return found.streams.size === 0 ? header : withPackets(header, found);
  });
}

/** Of each packet six numbers: stream, decode and presentation time, duration, size, flags. */
type Rows = number[];

const [isKey, isLeftOut] = [1, 2];

const Packet = v.object({
  stream_index: v.number(),
  pts: v.optional(v.number(), none),
  dts: v.optional(v.number(), none),
  duration: v.optional(v.number(), 0),
  size: v.pipe(v.string(), v.toNumber()),
  // K for a keyframe or _, D for what an edit list leaves out or _, from ffmpeg 6 on another letter.
  flags: v.string(),
});

/** Takes the packets out of what ffprobe writes: of a long film they are far more than all else. */
async function readReport(stdout: AsyncIterable<Uint8Array>) {
  const packets: Rows = [];
  let json = "";
  let isPacket = false;
  const take = (line: string) => {
    if (line === '    "packets": [') isPacket = true;
    else if (!isPacket) json += line;
    else if (line === "    ],") isPacket = false;
    else if (line.startsWith('        { "stream_index": ')) packets.push(...rowOf(line));
  };
  for await (const batch of lineBatches(stdout)) batch.forEach(take);
  return { json, packets };
}

/** Ffprobe writes the values of each packet in one line, which is not the end of it where it has side data. */
function rowOf(line: string): Rows {
  const text = line.replace(/ *\}?,?$/, "}");
  const { stream_index, pts, dts, duration, size, flags } = v.parse(Packet, JSON.parse(text));
  const marks = (flags[0] === "K" ? isKey : 0) + (flags[1] === "D" ? isLeftOut : 0);
  return [stream_index, dts, pts, duration, size, marks];
}

const Clocks = v.object({
  streams: v.array(v.object({ index: v.number(), time_base: v.string() })),
  format: v.object({ start_time: v.optional(v.pipe(v.string(), v.toNumber()), "0") }),
});

/** The packets of the streams that the header knows, in times that begin with the file. */
function collected(json: string, { videos = [], audio }: Probe, rows: Rows): ReadonlyMap<number, Collected> {
  const { streams, format } = v.parse(Clocks, JSON.parse(json));
  const ticks = new Map(streams.map(({ index, time_base }) => [index, tickOf(time_base)]));
  const found = new Map<number, Collected>();
  for (const { index } of [...videos, ...audio.filter(isKnown)]) {
    const isVideo = videos.some((video) => video.index === index);
    found.set(index, { ...nothingYet(ticks.get(index) ?? Number.NaN), isVideo });
  }
  const timeIn = (stream: Collected, ticks: number) =>
    ticks === none ? none : ticks - Math.round(format.start_time / stream.tick);
  for (let at = 0; at < rows.length; at += 6) {
    const [index = 0, dts = none, pts = none, duration = 0, size = 0, flags = 0] = rows.slice(at, at + 6);
    const stream = found.get(index);
    if (!stream) continue;
    const marks = { isKeyframe: (flags & isKey) !== 0, isDiscarded: (flags & isLeftOut) !== 0 };
    addPacket(stream, { dts: timeIn(stream, dts), pts: timeIn(stream, pts), duration, size, ...marks });
  }
  return found;
}
