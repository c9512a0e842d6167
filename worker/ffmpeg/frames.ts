import { parseRatio } from "./ffprobe-report.ts";
import { lineBatches } from "./lines.ts";
import type { Probe } from "./media.ts";
import type { FrameShape, VideoStream } from "./streams.ts";

/** What changes on the way through a source, which no header tells. */
export type Frames = {
  /** One for each keyframe of the video. */
  keyframes: readonly Keyframe[];
  /** The audio streams whose channels or sample rate change. */
  changingAudio: ReadonlySet<number>;
};

type Keyframe = Omit<FrameShape, "fromSeconds"> & {
  isInterlaced: boolean;
  /** When it is shown; undefined unless that was asked for. */
  seconds: number | undefined;
};

const query = ["-skip_frame", "nokey", "-print_format", "compact=print_section=0", "-show_entries"];
const entries =
  "frame=media_type,stream_index,width,height,sample_aspect_ratio,interlaced_frame,channels,channel_layout,nb_samples" +
  ",pkt_duration_time,duration_time";

/** The ffprobe options that decode the keyframes of a video and all sound, and whose answer `readFrames` reads. */
export const framesQuery = [...query, entries];

/** The same for a part of a file, of which it is told when each keyframe is shown. */
export const framesQueryOf = ({ from, to }: { from: number; to?: number | undefined }) => [
  ...["-read_intervals", `${from > 0 ? from.toFixed(6) : ""}%${to === undefined ? "" : to.toFixed(6)}`],
  ...[...query, `${entries},best_effort_timestamp_time:format=start_time`],
];

/** Reads what ffprobe writes, also before it is known which stream is what: tells it of a source. */
export async function readFrames(stdout: AsyncIterable<Uint8Array>): Promise<(source: Probe) => Frames> {
  const pictures = new Map<number, Keyframe[]>();
  const sounds = new Map<number, Map<string, Kind>>();
  let begin = 0;
  for await (const batch of lineBatches(stdout)) {
    for (const frame of batch.map(fieldsOf)) {
      const stream = Number(frame.get("stream_index"));
      if (frame.get("media_type") === "audio")
        count(
          entryOf(sounds, stream, () => new Map<string, Kind>()),
          frame,
        );
      else entryOf(pictures, stream, (): Keyframe[] => []).push(keyframeOf(frame));
      begin = numberIn(frame, "start_time") ?? begin;
    }
  }
  return ({ video, audio }) => {
    const timed = new Set(audio.filter(({ codec }) => evenlyTimed.has(codec)).map(({ index }) => index));
    const changing = [...sounds].filter(([stream, kinds]) => changes([...kinds.values()], timed.has(stream)));
    return {
      keyframes: ((video && pictures.get(video.index)) ?? []).map((keyframe) => earlier(keyframe, begin)),
      changingAudio: new Set(changing.map(([stream]) => stream)),
    };
  };
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

/** How often the frames of a sound have these channels and this rate. */
type Kind = { kind: string; rate: number | undefined; count: number };

function count(kinds: Map<string, Kind>, frame: Frame) {
  const kind = [frame.get("channels"), frame.get("channel_layout")].join("|");
  const rate = rateOf(frame);
  entryOf(kinds, `${kind}|${rate}`, () => ({ kind, rate, count: 0 })).count += 1;
}

const earlier = ({ seconds, ...keyframe }: Keyframe, by: number): Keyframe => ({
  ...keyframe,
  seconds: seconds === undefined ? undefined : seconds - by,
});

/** A number that a line has; undefined where it has none. */
function numberIn(line: Frame, name: string): number | undefined {
  const number = Number(line.get(name) ?? Number.NaN);
  return Number.isFinite(number) ? number : undefined;
}

type Frame = ReadonlyMap<string, string>;

const fieldsOf = (line: string): Frame =>
  new Map(
    line.split("|").map((field) => {
      const [name = "", value = ""] = field.split("=", 2);
      return [name, value];
    }),
  );

const keyframeOf = (frame: Frame): Keyframe => ({
  width: Number(frame.get("width")),
  height: Number(frame.get("height")),
  sampleAspect: parseRatio(frame.get("sample_aspect_ratio") ?? "") ?? 1,
  isInterlaced: frame.get("interlaced_frame") === "1",
  seconds: numberIn(frame, "best_effort_timestamp_time"),
});

// The frames of others are of many lengths, and ffprobe rounds them.
const evenlyTimed = new Set(["aac", "mp2", "mp3", "ac3", "eac3"]);
const usualRates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000];

/** ffprobe does not say the rate of a frame, but how many samples it has and how long it lasts. */
function rateOf(frame: Frame): number | undefined {
  const seconds = Number(frame.get("duration_time") ?? frame.get("pkt_duration_time"));
  const rate = Number(frame.get("nb_samples")) / seconds;
  return usualRates.find((usual) => Math.abs(rate / usual - 1) < 0.03);
}

// A few frames of another kind are a damaged header.
const fewFrames = 5;

/** Whether a sound has more than one kind of frames; `isTimed`: also by their rate. */
function changes(kinds: readonly Kind[], isTimed: boolean): boolean {
  const counts = new Map<string, number>();
  for (const { kind, rate, count } of kinds) {
    const name = isTimed ? `${kind}|${rate}` : kind;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts.values()].filter((count) => count >= fewFrames).length > 1;
}

/** From when on the pictures have which shape; undefined when all have the same. */
export function shapesOf(keyframes: readonly Keyframe[], times: readonly number[]): readonly FrameShape[] | undefined {
  const shapes: FrameShape[] = [];
  for (const [at, { width, height, sampleAspect, seconds }] of keyframes.entries()) {
    const last = shapes.at(-1);
    const isSame = last?.width === width && last.height === height && last.sampleAspect === sampleAspect;
    if (!isSame)
      shapes.push({ fromSeconds: seconds ?? times[at] ?? last?.fromSeconds ?? 0, width, height, sampleAspect });
  }
  return shapes.length > 1 ? shapes : undefined;
}

const changeable = /mpegts|mpeg|matroska|webm|flv|^h264$|^hevc$|^ivf$|^obu$|nut|ogg|asf|rm/;
// What has nothing but keyframes would have to be decoded whole.
const betweenFrames = new Set(
  "h264 hevc vvc vp8 vp9 av1 mpeg1video mpeg2video mpeg4 h263 flv1 vc1 wmv1 wmv2 wmv3 theora msmpeg4v3".split(" "),
);

/** Whether what a container and its codec hold may change on the way: broadcasts and calls do, files of cameras do not. */
export const mayChange = (format: string, video: VideoStream | undefined) =>
  changeable.test(format) && (video === undefined || betweenFrames.has(video.codec));
