import type { CaptionChannel } from "#worker/captions/channels.ts";
import type { Track } from "#worker/manifests/tracks.ts";
import type { ExpectedTrack } from "#worker/plan/expected.ts";
import { initTracks } from "./fragments.ts";
import type { FilesByName } from "./output-file.ts";
import { endProblem } from "./problems.ts";
import { isAfter, joined, type SegmentTrack, unwrapped } from "./segment-track.ts";

type Media = Exclude<ExpectedTrack, { kind: "subtitles" }>;

/** One kind of media in the segments of one playlist or representation. */
type Stream = {
  name: string;
  expected: Media;
  /** Ticks a second. */
  timescale: number;
  /** What each segment holds of it, and how long that is; a short last one may have nothing. */
  parts: readonly { name: string; seconds: number; found: SegmentTrack }[];
};

const sampleRate = 48_000;

/** How many samples a frame of sound has. */
const frameSamples: Readonly<Record<string, number>> = { aac: 1_024, opus: 960, eac3: 1_536 };

const words = { video: "pictures", audio: "frames of sound" };

/** What is wrong with what the segments hold: each was read, whether or not it is still on the disk. */
export function contentsProblem(
  tracks: readonly Track[],
  held: readonly (readonly ExpectedTrack[])[],
  files: FilesByName,
  captions: readonly CaptionChannel[] = [],
): string | undefined {
  const readable = tracks.map((track, at) => ({ track, media: (held[at] ?? []).filter(isMedia) }));
  // What is encrypted was read by its key, if that was at hand.
  const isRead = ({ isEncrypted, segments }: Track) =>
    !isEncrypted || segments.some(({ name }) => files.get(name)?.contents);
  const open = readable.filter(({ track, media }) => media.length > 0 && isRead(track));
  const unread = open.flatMap(({ track }) => track.segments).find(({ name }) => !files.get(name)?.contents);
  if (unread) return `${unread.name}: it cannot be read as media`;
  const streams = open.flatMap(({ track, media }) => media.map((expected) => streamOf(track, expected, files)));
  return (
    streams.map(orderProblem).find(Boolean) ??
    streams.map(totalProblem).find(Boolean) ??
    streams.map((stream) => placeProblem(stream, streams)).find(Boolean) ??
    lengthsProblem(streams) ??
    (captions.length > 0 ? captionProblem(streams, files, captions) : undefined)
  );
}

/** An encoder that drops captions says nothing. */
function captionProblem(streams: readonly Stream[], files: FilesByName, captions: readonly CaptionChannel[]) {
  const lost = streams.find(
    ({ expected, parts }) => expected.kind === "video" && !parts.some(({ name }) => files.get(name)?.hasCaptions),
  );
  return lost && `${lost.name}: the source's closed captions (${captions.join(", ")}) are not in its pictures`;
}

const isMedia = (track: ExpectedTrack): track is Media => track.kind !== "subtitles";

function streamOf({ name, init, segments }: Track, expected: Media, files: FilesByName): Stream {
  const { kind } = expected;
  const head = init === undefined ? undefined : files.get(init)?.head;
  const described = head && initTracks(head).find((one) => one.kind === kind);
  const isIt = (one: SegmentTrack) => (init === undefined ? one.kind === kind : one.id === described?.id);
  const parts = segments.flatMap((segment) => {
    const found = files.get(segment.name)?.contents?.find(isIt);
    return found ? [{ name: segment.name, seconds: segment.seconds, found }] : [];
  });
  return { name, expected, timescale: described?.timescale ?? 90_000, parts };
}

function orderProblem({ name, expected: { kind }, parts }: Stream): string | undefined {
  if (parts.length === 0) return `${name}: its segments hold no ${words[kind]}`;
  const wrong = parts.find(({ found }) => found.backwards > 0);
  if (wrong) return `${wrong.name}: ${wrong.found.backwards} of its ${words[kind]} do not come after the one before`;
  const early = parts.find(({ found }, at) => {
    const before = parts[at - 1]?.found;
    return before && !isAfter(found, before);
  });
  return early && `${early.name}: its ${words[kind]} do not come after those of the segment before`;
}

const countOf = ({ parts }: Stream) => parts.reduce((sum, { found }) => sum + found.count, 0);

/** How long all pictures are shown, or how much sound there is, whatever its timestamps say. */
function secondsOf(stream: Stream): number {
  const { expected, timescale, parts } = stream;
  const count = countOf(stream);
  if (expected.kind === "audio") return (count * (frameSamples[expected.codec] ?? 1_024)) / sampleRate;
  const whole = parts.map(({ found }) => found).reduce(joined);
  const shown = (whole.lastShown - whole.firstShown) / timescale;
  return count > 1 ? shown + shown / (count - 1) : shown;
}

function totalProblem(stream: Stream): string | undefined {
  const { name, expected } = stream;
  const count = countOf(stream);
  const seconds = secondsOf(stream);
  if (expected.kind === "video" && expected.frames !== undefined && count !== expected.frames)
    return `${name}: its segments hold ${count} pictures instead of ${expected.frames}`;
  const problem =
    expected.kind === "audio"
      ? endProblem("its segments hold sound", expected.seconds, seconds)
      : endProblem("its pictures last", expected.seconds, seconds, Math.max(0.15, (2 * seconds) / count));
  return problem && `${name}: ${problem}`;
}

// A muxer ends a segment at a keyframe, and writes of the sound what it has by then.
const mostAsideSeconds = 1;

/** Sound in the segments of a picture lies in that of its own time: who seeks there gets no other. */
function placeProblem({ name, expected, timescale, parts }: Stream, streams: readonly Stream[]): string | undefined {
  const picture = streams.find((stream) => stream.name === name && stream.expected.kind === "video");
  if (expected.kind !== "audio" || !picture) return undefined;
  const pictures = new Map(picture.parts.map((part) => [part.name, part.found]));
  const aside = parts.find(({ name: segment, seconds, found }) => {
    const shown = pictures.get(segment);
    if (!shown) return false;
    const begin = shown.firstShown / picture.timescale;
    // The clock of MPEG-TS, which both have there, begins again after 26 hours.
    const secondsAt = (ticks: number) =>
      (found.kind === undefined ? ticks : unwrapped(ticks, shown.firstShown)) / timescale;
    const [first, last] = [secondsAt(found.firstShown), secondsAt(found.lastShown)];
    return first < begin - mostAsideSeconds || last > begin + seconds + mostAsideSeconds;
  });
  return aside && `${aside.name}: it holds sound of another time than its pictures`;
}

// Sound may begin with what an encoder puts before it, and ends with its last frame.
const sameSeconds = 0.3;

/** All renditions are as long, also where nobody knew how long that would be. */
function lengthsProblem([first, ...others]: readonly Stream[]): string | undefined {
  if (!first) return undefined;
  const isOther = (one: Stream) =>
    Math.abs(secondsOf(one) - secondsOf(first)) > sameSeconds ||
    (one.expected.kind === "video" && countOf(one) !== countOf(first));
  const other = others.find(isOther);
  if (!other) return undefined;
  const [one, two] = [other, first].map((stream) => `${countOf(stream)} in ${secondsOf(stream).toFixed(2)} s`);
  return `${other.name}: its segments hold ${words[other.expected.kind]}, ${one}, and those of ${first.name} ${two}`;
}
