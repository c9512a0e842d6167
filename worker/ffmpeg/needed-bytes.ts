import type { Clip } from "#shared/job/clip.ts";
import type { ByteSpan } from "#worker/source/byte-spans.ts";
import type { Argv } from "./argv.ts";
import { inputAllowlist } from "./input-allowlist.ts";
import { lineBatches } from "./lines.ts";
import type { Probe } from "./media.ts";
import { probe } from "./probe.ts";
import { type Reading, readProcess } from "./read-process.ts";
import { leadSeconds } from "./source-packets.ts";
import { isKnown } from "./streams.ts";

/** A packet of a file, by its index: where its bytes lie, and when it is shown. */
type Entry = ByteSpan & { stream: number; seconds: number };

/** What is read of the beginning, to find out what the streams are. */
const headSeconds = 2;
/** ffmpeg begins to look up to a seventh of a second before it is told to; ffprobe does not. */
const earlierSeconds = 1;
/** How long texts may be shown that begin before a clip. */
const textSeconds = 62;
/** What may be read behind a clip: this long, and so many pictures, which decoders hold back. */
const tailSeconds = 5;
const tailPictures = 64;
/** As far as pictures are looked for then. */
const furthestSeconds = 120;

/**
 * Which bytes of an mp4 or mov a clip takes, by its index: all else of the file may be a hole. Nothing of the media need be
 * there but the beginning. Undefined where all of it is needed, or the index does not tell.
 */
export async function neededBytes(file: string, clip: Clip, reading: Reading): Promise<ByteSpan[] | undefined> {
  const header = await probe(file, reading).catch(() => undefined);
  if (!header || !/mov|mp4/.test(header.format) || header.durationSeconds === undefined) return undefined;
  const { start, end = header.durationSeconds } = clip;
  if (start >= header.durationSeconds) return undefined;
  const from = Math.max(0, start - leadSeconds - earlierSeconds);
  const to = Math.min(end, header.durationSeconds) + furthestSeconds;
  const read = (...more: readonly string[]) => entriesIn(file, more, reading);
  const [head, around, texts] = await Promise.all([
    read("-read_intervals", `%+${headSeconds}`),
    read("-read_intervals", `${from.toFixed(3)}%${to.toFixed(3)}`),
    header.subtitles.length > 0
      ? read(
          "-select_streams",
          "s",
          "-read_intervals",
          `${Math.max(0, start - textSeconds).toFixed(3)}%${to.toFixed(3)}`,
        )
      : [],
  ]);
  const taken = around && upTo(around, header, { start, end });
  return head && taken && texts ? [...head, ...taken, ...texts] : undefined;
}

/** Those that are read for a clip; undefined where a stream does not reach over it, so that more would be read. */
function upTo(around: readonly Entry[], header: Probe, { start, end }: { start: number; end: number }) {
  const { video, audio, durationSeconds = 0 } = header;
  const of = (index: number) => around.filter(({ stream }) => stream === index);
  const pictures = video ? of(video.index) : [];
  const behind = pictures.filter(({ seconds }) => seconds >= end);
  const last = Math.max(end + tailSeconds, behind.slice(0, tailPictures).at(-1)?.seconds ?? 0);
  const streams = [...(video ? [video] : []), ...audio.filter(isKnown)];
  const reaches = streams.every(({ index }) => {
    const packets = of(index);
    // By an index ffprobe begins at a keyframe.
    const [begin] = packets;
    const stop = Math.max(...packets.map(({ seconds }) => seconds));
    return begin && begin.seconds <= start && stop >= Math.min(end + tailSeconds, durationSeconds - 1);
  });
  return reaches ? around.filter(({ seconds }) => seconds <= last) : undefined;
}

async function entriesIn(file: string, more: readonly string[], reading: Reading): Promise<Entry[] | undefined> {
  const entries = ["-show_entries", "packet=stream_index,pts_time,dts_time,size,pos:format=start_time"];
  const argv: Argv = [
    ...(["ffprobe", "-hide_banner", "-v", "quiet", ...inputAllowlist] as const),
    ...[...more, ...entries, "-print_format", "compact=print_section=0", file],
  ];
  return readProcess({ argv, reads: [file] }, reading, async (stdout) => {
    const found: Entry[] = [];
    let begin = 0;
    for await (const batch of lineBatches(stdout)) {
      const lines = batch.map(fieldsOf);
      begin = Number(lines.find((fields) => fields.has("start_time"))?.get("start_time") ?? begin);
      found.push(...lines.flatMap((fields) => entryOf(fields) ?? []));
    }
    // Where its clock does not begin at zero, moments were looked for as if it did.
    return Math.abs(begin) < earlierSeconds / 2 ? found : undefined;
  });
}

const fieldsOf = (line: string) => new Map(line.split("|").map((field) => field.split("=", 2) as [string, string]));

function entryOf(fields: ReadonlyMap<string, string>): Entry | undefined {
  const number = (name: string) => Number(fields.get(name) ?? Number.NaN);
  const [from, size] = [number("pos"), number("size")];
  const seconds = [number("pts_time"), number("dts_time")].find(Number.isFinite);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(size) || seconds === undefined) return undefined;
  return { stream: number("stream_index"), from, to: from + size, seconds };
}
