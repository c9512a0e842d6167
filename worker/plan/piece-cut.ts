import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Film } from "./film.ts";
import { nothingElse } from "./input.ts";
import { ownClock, type Piece, type PiecePlace, seekBefore, seenUntil } from "./pieces.ts";
import { secondsOfFrames } from "./rate.ts";

/** What follows the last picture that a piece needs: pictures come in another order than they are shown in. */
const tailSeconds = 2;

// Rounded to this, the beginning of an edit list is a tick of any usual clock again.
const exactClock = ["-movie_timescale", "1000000000"];
// What tells Dolby Vision is not a part of the standard.
const mp4 = ["-f", "mp4", ...exactClock, "-strict", "unofficial"];
const containers: Readonly<Record<string, readonly string[]>> = {
  h264: mp4,
  hevc: mp4,
  av1: mp4,
  vp9: mp4,
  mpeg4: mp4,
  mpeg2video: mp4,
};

/** The container that keeps what a decoder is told of a codec, and every time of 90 kHz. */
export const containerOf = (codec: string): readonly string[] => containers[codec] ?? ["-f", "mov", ...exactClock];

/** Copies the packets that a piece needs of its source into a file, by the clock of the source. */
export function cutArgs(
  film: Film,
  source: Probe,
  { input, isCopy = false }: Pick<PiecePlace, "input" | "isCopy">,
  piece: Piece,
  output: string,
) {
  const { video, rate } = film;
  const { format, inputOptions = [], clip } = source;
  const end = (clip?.start ?? 0) + secondsOfFrames(seenUntil(film, piece), rate) + tailSeconds;
  return [
    ...["-hide_banner", "-nostdin", "-y", "-v", "level+warning", ...inputAllowlist, ...inputOptions],
    ...[...seekBefore(film, source, piece, isCopy), ...ownClock(isCopy), "-i", input],
    ...["-map", `0:${isCopy ? 0 : video.index}`, "-c", "copy", "-copypriorss", "1"],
    ...["-to", end.toFixed(6), ...nothingElse],
    ...["-avoid_negative_ts", "disabled"],
    ...(isMatroska(format) ? ["-f", "matroska"] : containerOf(video.codec)),
    output,
  ];
}

const isMatroska = (format: string) => /matroska|webm/.test(format);
