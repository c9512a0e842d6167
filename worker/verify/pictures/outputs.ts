import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { type Track, tracksOf } from "#worker/manifests/tracks.ts";
import type { ExpectedFile, ExpectedVideo } from "#worker/plan/expected.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "../output-file.ts";
import { isHdr, readingOfOutput } from "./colour.ts";
import { gridSide } from "./grid.ts";
import { type Request, toGrid } from "./sample-frames.ts";

/** A film, or one rendition of it, whose pictures can be looked at. */
export type Film = {
  /** For people. */
  name: string;
  /** The shape of its frame on a screen, width by height. */
  shape: number;
  /** From one picture to the next. */
  tickSeconds: number;
  /** The size of its pictures, in pixels. */
  size: { width: number; height: number };
  /** Whether it stays HDR. */
  isHdr: boolean;
  /** What takes the pictures that are shown around this moment; undefined when they are not here. */
  at(seconds: number): Request | undefined;
};

// Only what this process wrote is opened, and from this machine only.
export const outputAllowlist = [
  "-protocol_whitelist",
  "file,concat",
  "-format_whitelist",
  "mov,mp4,matroska,webm,mpegts",
];

// What smooths the edges of blocks changes no mean, and takes a seventh of the time.
const quick = ["-skip_loop_filter", "all"];

/** Takes pictures of an output that are read by their own tags. */
const request = (video: VideoStream, input: readonly string[], pick: string): Request => ({
  input: [...outputAllowlist, ...quick, ...input],
  stream: "v:0",
  pick,
  ways: [toGrid(readingOfOutput(video))],
});

/** A picture may be shown a little earlier or later than in the source, at the next tick of its rate. */
const around = 2;
/** How many pictures `Film.at` takes at most. */
export const picturesShown = 2 * around + 1;

export function filmsOf(plan: Plan, files: readonly OutputFile[]): Film[] {
  return plan.segments ? renditionsOf(plan, files) : plan.files.flatMap((expected) => filmIn(expected, files));
}

function filmIn({ name, video: expected }: ExpectedFile, files: readonly OutputFile[]): Film[] {
  const video = files.find((file) => file.name === name)?.probe?.video;
  const rate = expected && rateOf(expected);
  if (!video || rate === undefined || expected?.isPadded || isSmall(video)) return [];
  const at = (seconds: number) => {
    const from = Math.max(0, seconds - (around + 0.5) / rate);
    return request(video, ["-ss", from.toFixed(6), "-i", `file:${name}`], `trim=end_frame=${picturesShown}`);
  };
  return [{ name, ...aboutOf(video), tickSeconds: 1 / rate, at }];
}

const aboutOf = ({ width, height, sampleAspect, transfer }: VideoStream) => ({
  shape: (width * sampleAspect) / height,
  size: { width, height },
  isHdr: isHdr(transfer),
});

// Less than a grid has little in common with a picture that was larger, with or without bars around it.
const isSmall = ({ width, height }: VideoStream) => Math.min(width, height) < gridSide;

const rateOf = ({ frames, seconds }: ExpectedVideo) => frames && seconds && frames / seconds;

function renditionsOf({ entries: [entry = ""], segments }: Plan, files: readonly OutputFile[]): Film[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const tracks = tracksOf(entry, (name) => byName.get(name)?.text);
  const expected = segments?.tracks.filter((track) => track.kind === "video") ?? [];
  return tracks.slice(0, expected.length).flatMap((track, at) => {
    const rate = expected[at] && rateOf(expected[at]);
    const names = [track.init ?? [], track.segments.map(({ name }) => name)].flat();
    const [sample] = names.flatMap((name) => byName.get(name)?.probe?.video ?? []);
    if (!sample || rate === undefined || track.isEncrypted || expected[at]?.isPadded || isSmall(sample)) return [];
    const isHere = (name: string) => byName.get(name)?.isHere === true;
    return [
      {
        name: track.name,
        ...aboutOf(sample),
        tickSeconds: 1 / rate,
        at: (seconds) => inSegment(track, seconds, { rate, isHere, sample }),
      },
    ];
  });
}

type Known = { rate: number; isHere(name: string): boolean; sample: VideoStream };

/** The pictures around a moment that are in the same segment: each begins with a keyframe. */
function inSegment({ init, segments }: Track, seconds: number, { rate, isHere, sample }: Known): Request | undefined {
  let begin = 0;
  for (const segment of segments) {
    const end = begin + segment.seconds;
    if (seconds < end - 0.5 / rate) {
      if (!isHere(segment.name)) return undefined;
      const picture = Math.round((seconds - begin) * rate);
      const input =
        init === undefined ? ["-f", "mpegts", "-i", `file:${segment.name}`] : ["-i", `concat:${init}|${segment.name}`];
      return request(
        sample,
        input,
        `trim=start_frame=${Math.max(0, picture - around)}:end_frame=${picture + around + 1}`,
      );
    }
    begin = end;
  }
  return undefined;
}
