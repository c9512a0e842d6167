import type { JobUpdate } from "#shared/job/event.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import { etaSeconds, percent, type Tick } from "#worker/ffmpeg/progress.ts";
import type { PiecesProgress } from "#worker/pieces/encode-pieces.ts";
import type { Film } from "#worker/plan/film.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { perSecond, secondsOfFrames } from "#worker/plan/rate.ts";

type Lengths = Pick<Plan, "durationSeconds" | "totalFrames">;

/**
 * What is told of an encode that makes the whole output. `from` is the percent that was told before, of pieces that it is
 * done without.
 */
export const encodeProgress = (tick: Tick, { durationSeconds, totalFrames }: Lengths, from = 0): JobUpdate => ({
  status: "processing",
  message: totalFrames
    ? `Encoding frame ${Math.min(tick.frame, totalFrames)}/${totalFrames}`
    : `Encoding frame ${tick.frame}`,
  ...(durationSeconds && { progress: from + (percent(tick.seconds, durationSeconds) * (100 - from)) / 100 }),
  ...paceOf(tick),
  ...etaOf(tick.seconds, durationSeconds, tick.speed),
});

/** What is told of a pass that only measures the sounds; they are measured again where peaks are kept below a ceiling. */
export const analysisProgress = (tick: Tick, { durationSeconds }: Lengths, pass: number): JobUpdate => ({
  status: "processing",
  message: [
    `Measuring loudness${pass > 1 ? " again" : ""}`,
    ...(durationSeconds ? [`${Math.floor(percent(tick.seconds, durationSeconds))} %`] : []),
  ].join(" "),
});

/**
 * The part of the progress that is the pictures of a film in pieces. What is left is for its sound and playlists, which are
 * made after them and take minutes of a long one.
 */
const picturesShare = 0.95;

/**
 * What is told while the pictures of a film are encoded in pieces, so many of them a second. Each ffmpeg begins slowly, and
 * pieces of other workers come whole: only an average over all of them is steady.
 */
export function piecesProgress(
  { frame, ...pieces }: PiecesProgress,
  { rate, frames = 0 }: Pick<Film, "rate" | "frames">,
  fps: number,
): JobUpdate {
  const speed = fps / perSecond(rate);
  const [seconds, all] = [secondsOfFrames(frame, rate), secondsOfFrames(frames, rate)];
  return {
    status: "processing",
    message: `Encoding frame ${frame}/${frames}`,
    progress: percent(seconds, all) * picturesShare,
    pieces,
    ...paceOf({ fps, speed }),
    ...etaOf(seconds, all / picturesShare, speed),
  };
}

/** What is told while so many pieces are joined and all else is made beside them; no tick before ffmpeg has begun; `isHeard`: the sounds are encoded. */
export const joinProgress = (
  total: number,
  { durationSeconds, files, segments }: Pick<Plan, "durationSeconds" | "files" | "segments">,
  tick?: Tick,
  isHeard = false,
): JobUpdate => ({
  status: "processing",
  message:
    !isHeard && (files.some(({ audio }) => audio) || segments?.tracks.some(({ kind }) => kind === "audio"))
      ? "Joining the pieces and encoding the sound"
      : "Joining the pieces",
  progress: 100 * picturesShare + percent(tick?.seconds ?? 0, durationSeconds) * (1 - picturesShare),
  pieces: { done: total, total, workers: 0 },
  ...(tick && etaOf(tick.seconds, durationSeconds, tick.speed)),
});

/** What the final event tells of the pieces that the pictures were encoded in, if they were. */
export const endedPieces = ({ pieces, workers = 1 }: EncodeReport): Pick<JobUpdate, "pieces"> =>
  pieces ? { pieces: { done: pieces.length, total: pieces.length, workers } } : {};

/** Counts how many pictures a second are encoded, on average since the first count; 0 within a second of that. */
export function makeAverage(elapsed: () => number = () => performance.now()) {
  let first: { frame: number; at: number } | undefined;
  return (frame: number) => {
    const at = elapsed();
    first ??= { frame, at };
    const seconds = (at - first.at) / 1_000;
    return seconds < 1 ? 0 : (frame - first.frame) / seconds;
  };
}

const paceOf = ({ fps, speed }: Pick<Tick, "fps" | "speed">) => ({
  ...(fps > 0 && { fps }),
  ...(speed > 0 && { speed }),
});

function etaOf(seconds: number, all: number | undefined, speed: number) {
  const eta = etaSeconds(seconds, all, speed);
  return eta === undefined ? {} : { etaSeconds: eta };
}
