import * as v from "valibot";
import type { Argv } from "./argv.ts";
import { probeQueryWith } from "./ffprobe-report.ts";
import { inputAllowlist } from "./input-allowlist.ts";
import { lineBatches } from "./lines.ts";
import type { Probe } from "./media.ts";
import { addPacket, type Collected, none, nothingYet, type Packets, packetsOfAll, tickOf } from "./packets.ts";
import { headerFrom } from "./probe.ts";
import { type Reading, readProcess } from "./read-process.ts";
import { isKnown } from "./streams.ts";

/** What one ffprobe tells of a file. */
export type HeaderAndPackets = {
  header: Probe;
  /** In the times that its demuxer tells; none of an init segment. */
  packets: Packets;
  /** Whether ffprobe has complained of nothing, and ffmpeg would mend none of these times. */
  isFlawless: boolean;
};

/** Reads the header and the packets of a file by one process. `inputOptions` tell what ffmpeg would have to guess. */
export async function headerAndPackets(
  file: string,
  { inputOptions = [], ...reading }: Reading & { inputOptions?: readonly string[] },
): Promise<HeaderAndPackets> {
  const said: string[] = [];
  const argv: Argv = [
    ...(["ffprobe", "-hide_banner", "-v", "warning", ...inputAllowlist, ...inputOptions] as const),
    ...[...probeQueryWith(["packet=stream_index,pts,dts,duration,size,flags", "stream=time_base"]), file],
  ];
  const command = { argv, reads: [file], onLine: (line: string) => void said.push(line) };
  return readProcess(command, reading, async (stdout, ended) => {
    const { json, packets: rows } = await readReport(stdout);
    const header = await headerFrom(json, await ended, file);
    const streams = collected(json, header, rows);
    return {
      header,
      packets: packetsOfAll(streams, said),
      isFlawless: said.length === 0 && ![...streams].some(([index, { tick }]) => isMended(rows, index, tick)),
    };
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

/** A pause of less than this is left as it is: ffmpeg takes only one of more than 30 hours for a mistake. */
const longestPause = 3_600;

/** Whether ffmpeg mends times of a stream: those that are missing, go back or jump, or are shown before they are decoded. */
function isMended(rows: Rows, stream: number, tick: number): boolean {
  let last = none;
  for (let at = 0; at < rows.length; at += 6) {
    const [index, dts = none, pts = none] = rows.slice(at, at + 3);
    if (index !== stream) continue;
    // Where pictures are shown in another order Matroska does not say when the first are decoded, which is no matter.
    if (dts === none && last === none && pts !== none) continue;
    if (dts === none || pts < dts || dts <= last) return true;
    if (last !== none && (dts - last) * tick > longestPause) return true;
    last = dts;
  }
  return false;
}
