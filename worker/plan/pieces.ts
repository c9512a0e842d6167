import { join } from "node:path";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { seekClip, seekTo } from "./clip.ts";
import type { Film } from "./film.ts";
import { graphOf, straight, streamOf } from "./graph.ts";
import { nothingElse, readInput } from "./input.ts";
import { wholePictures } from "./picture.ts";
import { bordersOf } from "./piece-borders.ts";
import type { Place, Plan } from "./plan.ts";
import { perSecond, secondsOfFrames } from "./rate.ts";
import { steadyFramesFrom } from "./timing.ts";
import { whyUncut } from "./uncut.ts";

/** A part of an output's pictures that is encoded by itself: from one frame to before another. */
export type Piece = { from: number; to: number };

/**
 * The pieces of about so many seconds in which the pictures of an output can be encoded; empty where they must be
 * encoded together: what is short, what raw arguments make or what other pictures are made beside, and sources in which
 * no moment can be found exactly.
 */
export function piecesOf({ film }: Pick<Plan, "film">, probe: Probe, seconds: number): Piece[] {
  if (film?.frames === undefined || !probe.video?.packets || whyUncut(probe) !== undefined) return [];
  const { rate, frames } = film;
  const length = lengthOf(film, seconds);
  // What is left over at the end goes to the last one, unless it is as long as half of one. None begins behind the last
  // picture of the source, which stands until the sound ends.
  const shown = Math.ceil((probe.video.packets.lastSeconds * perSecond(rate)) / length);
  const count = Math.min(shown, Math.floor(frames / length + 0.5));
  if (count < 2) return [];
  const begins = [0, ...bordersOf(film, length, count)];
  return begins.map((from, at) => ({ from, to: begins[at + 1] ?? frames }));
}

/** Why a film that is long enough for pieces has none because of its source, for people. */
export const whyWhole = ({ film }: Pick<Plan, "film">, probe: Probe, seconds: number): string | undefined =>
  film?.frames !== undefined && film.frames >= 1.5 * lengthOf(film, seconds) ? whyUncut(probe) : undefined;

/** More are no better: each begins an encoder, and those who share them look at all of them every few seconds. */
export const mostPieces = 600;

/** About how many frames the pieces of a film have. */
function lengthOf({ rate, frames = 0, unitFrames: unit }: Film, seconds: number): number {
  const wanted = (seconds * perSecond(rate)) / unit;
  return unit * Math.max(1, Math.round(wanted), Math.ceil(frames / mostPieces / unit));
}

/** So much before a piece is read at least, that the picture before it and the fields around it are there. */
const leadSeconds = 1;
/** Containers round times, some to milliseconds. */
const roundingSeconds = 0.001;
/** An encoder that sees what comes gives the last pictures of a piece what they would have in the whole film. */
const lookaheadSeconds = 1;
/** What has been encoded before decides what the first pictures get: so much is encoded about, and left out. */
const leadInSeconds = 2;
/** How full a decoder's buffer (VBV) is taken to be where that begins: about what the piece before has left of it. */
const leadInOccupancy = 0.6;

/** With which picture the encode of a piece begins: a whole number of groups before it, which none is where they are long. */
function beginOf({ rate, gopFrames }: Film, { from }: Piece): number {
  const second = perSecond(rate);
  const groups = gopFrames === undefined ? undefined : Math.round((leadInSeconds * second) / gopFrames);
  return Math.max(0, from - (groups === undefined ? Math.round(leadInSeconds * second) : groups * (gopFrames ?? 0)));
}

/** When the last picture of the source is shown, where the encode of a piece has so many seconds to it. */
export const shownFrom = (film: Film, piece: Piece, seconds: number) =>
  secondsOfFrames(beginOf(film, piece), film.rate) + seconds;

/**
 * How far the film is when so many pictures of the encode of a piece are done, in frames: those that are not kept count as
 * a part of its work.
 */
export function framesAfter(film: Film, piece: Piece, encoded: number): number {
  const all = seenUntil(film, piece) - beginOf(film, piece);
  return piece.from + Math.floor((piece.to - piece.from) * Math.min(1, encoded / all));
}

/** Where the pictures of a piece are read, and how it is encoded. */
export type PiecePlace = Pick<Place, "input"> & {
  /** Whether the input is what `cutArgs` has made of the source, and not the source itself. Default: false. */
  isCut?: boolean;
  /** Whether the input is what `copyArgs` has made of the source. Default: false. */
  isCopy?: boolean;
  /** How many threads encode; where pieces are made on several machines it decides on their bits. Default: the encoder's. */
  threads?: number | undefined;
};

/** What seeks the last keyframe that a piece must be read from; nothing where that is the beginning. */
export function seekBefore(film: Film, probe: Probe, piece: Piece, isCopy: boolean): string[] {
  const start = keyframeBefore(film.video, secondsOfFrames(beginOf(film, piece), film.rate) - leadSeconds);
  if (start === undefined) return seekClip(probe);
  // Otherwise ffmpeg counts from the beginning of the file.
  const byClock = isCopy ? ["-seek_timestamp", "1"] : [];
  return ["-noaccurate_seek", ...byClock, ...seekTo(probe, start + roundingSeconds)];
}

/** Reads by the clock that a source has when all of it is read, which is that of a copy of its pictures. */
export const ownClock = (isCopy: boolean) => (isCopy ? ["-copyts"] : ["-copyts", "-start_at_zero"]);

/** The frame before which an encoder sees the pictures of a piece, and of what follows it. */
export const seenUntil = ({ rate, frames }: Film, { to }: Piece) =>
  Math.min(frames ?? to, to + Math.ceil(lookaheadSeconds * perSecond(rate)));

/** Reads the source from a keyframe before a piece on, by the clock that it has when all of it is read. */
export const readFrom = (film: Film, probe: Probe, place: PiecePlace, piece: Piece): string[] => {
  const { input, isCut = false, isCopy = false } = place;
  const seeking = isCut ? ["-copyts"] : [...seekBefore(film, probe, piece, isCopy), ...ownClock(isCopy)];
  return readInput(input, probe, seeking);
};

/** The number of the film's stream in what a piece is read from. */
export const streamIn = ({ isCut = false, isCopy = false }: PiecePlace, { video }: Film) =>
  isCut || isCopy ? 0 : video.index;

/**
 * Decodes what is read before a piece and is no part of its encode. Pictures that refer to others before the keyframe may be
 * broken there, which is no damage of the source.
 */
export const leadArgs = (film: Film, probe: Probe, place: PiecePlace, piece: Piece): string[] => [
  ...readFrom(film, probe, place, piece),
  ...["-map", `0:${streamIn(place, film)}`],
  ...["-vf", `trim=end=${secondsOfFrames(beginOf(film, piece), film.rate).toFixed(6)}`, "-f", "null", "-"],
];

/** The encode of one piece: each rendition becomes a file of its own, `<rendition>.1.mp4`; other files are left over. */
export function pieceArgs(film: Film, probe: Probe, place: PiecePlace, piece: Piece): string[] {
  const { rate, video, renditions } = film;
  const begin = beginOf(film, piece);
  const steady = steadyFramesFrom(rate, begin, seenUntil(film, piece));
  const borders = (begin < piece.from ? [piece.from, piece.to] : [piece.to]).map((frame) => frame - begin);
  const threads = place.threads === undefined ? [] : ["-threads", String(place.threads)];
  // A keyframe is where a piece begins, whatever the encoder would choose: the film is cut there. ffmpeg rounds its time to
  // the nearest picture or to the next one, by the time base of the encoder.
  const keyframes = borders.map((frame) => secondsOfFrames(frame - 0.25, rate).toFixed(6)).join();
  return [
    ...readFrom(film, probe, place, piece),
    ...graphOf(
      streamOf(streamIn(place, film)),
      wholePictures(video),
      renditions.map(({ filters, over }) => straight([...filters, ...steady, ...over, "setpts=PTS-STARTPTS"])),
    ),
    ...renditions.flatMap(({ encoder, bufsize }, at) => [
      ...["-map", `[v${at}]`, "-fps_mode", "vfr", ...encoder, ...threads],
      ...(begin > 0 ? ["-rc_init_occupancy", `${Math.round(Number.parseInt(bufsize, 10) * leadInOccupancy)}k`] : []),
      ...["-force_key_frames", keyframes, ...nothingElse],
      ...["-f", "segment", "-segment_format", "mp4", "-segment_frames", borders.join(), "-reset_timestamps", "1"],
      ...["-segment_start_number", begin < piece.from ? "0" : "1", `${at}.%d.mp4`],
    ]),
  ];
}

/**
 * When the last keyframe is shown that is not later; undefined when there is none but the first. A moment between two is
 * not sought: mp4 is searched by the time of decoding, which after a pause lies long before a keyframe is shown.
 */
const keyframeBefore = ({ packets }: VideoStream, seconds: number) =>
  packets?.keyframes.findLast((shown, at) => at > 0 && shown <= seconds);

/** The files of a piece, in the order of its renditions. */
export const pieceFiles = ({ renditions }: Film) => renditions.map((_, at) => `${at}.1.mp4`);

/** The text of a list (ffconcat) that joins one rendition of all pieces, each in a folder of its number. */
export function pieceList({ rate }: Film, pieces: readonly Piece[], rendition: number): string {
  // Each begins at its own time to a microsecond: rounded lengths would add up.
  const micros = (frame: number) => Math.round(secondsOfFrames(frame, rate) * 1e6);
  const lines = pieces.flatMap(({ from, to }, at) => [
    `file ${join(String(at), `${rendition}.1.mp4`)}`,
    `duration ${((micros(to) - micros(from)) / 1e6).toFixed(6)}`,
  ]);
  return ["ffconcat version 1.0", ...lines, ""].join("\n");
}
