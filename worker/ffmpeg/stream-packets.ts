/** What the packets of one stream say of it. Seconds count from the beginning of the file, as an encode sees them. */
export type StreamPackets = {
  /** How many there are. */
  count: number;
  /** When its first picture or sound that can be decoded begins. */
  startSeconds: number;
  /** When its last packet ends. */
  endSeconds: number;
  /**
   * How many packets no decoder shows: those before the first keyframe, those after it that refer to what came before, and
   * those that an edit list leaves out.
   */
  undecodable: number;
  /** When each keyframe is shown. */
  keyframes: readonly number[];
  /** From one picture or sound to the next: three quarters of them are no closer than this. Zero for a single packet. */
  shortInterval: number;
  /** The mean of those that are not pauses. */
  meanInterval: number;
  /** The longest of them. */
  longestInterval: number;
  /** When the last packet begins. */
  lastSeconds: number;
  /** How many packets do not come after the one before, by the time at which they are decoded. */
  backwards: number;
  /** When its clock starts again from its beginning, in seconds; undefined when it does not. */
  restartsAt?: number;
  /** Pauses of more than a minute between two packets. */
  gaps: readonly Gap[];
  /** Whether more than one in a hundred of its packets comes sooner or later than most of them. */
  isUneven: boolean;
  /**
   * Whether more than one in a hundred says only when it is decoded, as on a DVD: between others that say when they are
   * shown it counts as shown then, some pictures too early.
   */
  isPartlyTimed?: boolean;
  /** All of their bytes. */
  bytes: number;
  /** How many of these are shown in each second that has any. */
  bytesOfSecond: ReadonlyMap<number, number>;
};

/** The same stream, so many seconds later. */
export const moved = (stream: StreamPackets, seconds: number): StreamPackets => ({
  ...stream,
  startSeconds: stream.startSeconds + seconds,
  endSeconds: stream.endSeconds + seconds,
  lastSeconds: stream.lastSeconds + seconds,
  keyframes: stream.keyframes.map((keyframe) => keyframe + seconds),
  gaps: stream.gaps.map(({ from, to }) => ({ from: from + seconds, to: to + seconds })),
});

/** The same packets, so many seconds later. */
export const movedList = (list: PacketList, seconds: number): PacketList => ({
  ...list,
  times: list.times.map((time) => time + seconds),
  keyframes: list.keyframes.map((keyframe) => keyframe + seconds),
});

type Gap = { from: number; to: number };

/** The packets of one stream, in the order in which they come. */
export type PacketList = {
  /** When each is shown, in seconds. */
  times: number[];
  /** How long each lasts, in seconds; 0 where the container does not say. */
  durations: number[];
  /** When each keyframe is shown, in seconds. */
  keyframes: number[];
  /** How many packets came before the first keyframe. */
  beforeKeyframe: number;
  /** The size of each, in bytes. */
  sizes: number[];
  /** The places of those that an edit list leaves out: they are decoded for what follows, and not shown. */
  discarded: number[];
  /** How many packets do not come after the one before, by the time at which they are decoded. */
  backwards: number;
  /** How many say only when they are decoded. */
  untimed: number;
  restartsAt?: number;
};

export function summaryOf(packets: PacketList): StreamPackets {
  const { times, durations, sizes, keyframes, beforeKeyframe, discarded, backwards, restartsAt } = packets;
  const [firstShown = Number.NEGATIVE_INFINITY] = keyframes;
  // A stream that marks no keyframes at all is taken as it is.
  const isDecodable = (seconds: number, at: number) =>
    keyframes.length === 0 || (at >= beforeKeyframe && seconds >= firstShown);
  const leftOut = discarded.filter((at) => isDecodable(times[at] ?? 0, at)).length;
  const sorted = Float64Array.from(times.filter(isDecodable)).sort();
  const [startSeconds = 0] = sorted;
  const lastSeconds = sorted.at(-1) ?? startSeconds;
  const intervals = sorted.subarray(1).map((seconds, at) => seconds - (sorted[at] ?? 0));
  const { shortInterval, meanInterval, isUneven } = intervalsOf(intervals.filter((interval) => interval > 1e-6));
  const end = lastSeconds + Math.min(durations[times.indexOf(lastSeconds)] ?? 0, durations.at(-1) ?? 0);
  return {
    count: times.length,
    startSeconds,
    endSeconds: end > lastSeconds ? end : lastSeconds + shortInterval,
    undecodable: times.length - sorted.length + leftOut,
    keyframes,
    shortInterval,
    meanInterval,
    longestInterval: intervals.reduce((longest, interval) => Math.max(longest, interval), 0),
    lastSeconds,
    backwards,
    ...(restartsAt !== undefined && { restartsAt }),
    gaps: gapsIn(sorted),
    isUneven,
    isPartlyTimed: packets.untimed > times.length / 100 && packets.untimed < times.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    bytesOfSecond: bytesOfSecond(times, sizes),
  };
}

function intervalsOf(intervals: Float64Array) {
  const sorted = intervals.sort();
  const shortInterval = sorted[Math.floor(sorted.length / 4)] ?? 0;
  const steady = sorted.filter((interval) => interval <= shortInterval * 4);
  const meanInterval = steady.length > 0 ? steady.reduce((sum, one) => sum + one, 0) / steady.length : 0;
  return { shortInterval, meanInterval, isUneven: isUneven(sorted) };
}

/** Many containers count in milliseconds, which moves each packet by up to one of them. */
function isUneven(sorted: Float64Array): boolean {
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const near = Math.max(0.0015, usual / 20);
  return sorted.filter((interval) => Math.abs(interval - usual) > near).length > sorted.length / 100;
}

function bytesOfSecond(times: readonly number[], sizes: readonly number[]): ReadonlyMap<number, number> {
  const bytes = new Map<number, number>();
  for (const [at, size] of sizes.entries()) {
    const second = Math.max(0, Math.floor(times[at] ?? 0));
    bytes.set(second, (bytes.get(second) ?? 0) + size);
  }
  return bytes;
}

const gapSeconds = 60;

function gapsIn(sorted: Float64Array): Gap[] {
  const gaps: Gap[] = [];
  for (let at = 1; at < sorted.length; at += 1) {
    const [from = 0, to = 0] = [sorted[at - 1], sorted[at]];
    if (to - from > gapSeconds) gaps.push({ from, to });
  }
  return gaps;
}

/** The longest time in seconds in which all streams pause together. */
export function longestGap(streams: readonly StreamPackets[]): number {
  const [first, ...others] = streams.map(({ gaps, startSeconds, endSeconds }) => [
    { from: Number.NEGATIVE_INFINITY, to: startSeconds },
    ...gaps,
    { from: endSeconds, to: Number.POSITIVE_INFINITY },
  ]);
  const common = others.reduce(
    (shared, gaps) =>
      shared.flatMap((one) =>
        gaps.flatMap((other) => {
          const both = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
          return both.to - both.from > gapSeconds ? [both] : [];
        }),
      ),
    first ?? [],
  );
  return common.reduce(
    (longest, { from, to }) => (Number.isFinite(to - from) ? Math.max(longest, to - from) : longest),
    0,
  );
}
