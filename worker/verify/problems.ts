import type { Probe } from "#worker/ffmpeg/media.ts";
import type { StreamPackets } from "#worker/ffmpeg/stream-packets.ts";
import type { AudioStream, VideoStream } from "#worker/ffmpeg/streams.ts";
import type { Colour } from "#worker/plan/colour.ts";
import type { ExpectedAudio, ExpectedVideo } from "#worker/plan/expected.ts";

/** What is wrong with the video of a file that must have this one. */
export function videoProblem(
  expected: Omit<ExpectedVideo, "seconds" | "frames">,
  { video }: Probe,
): string | undefined {
  if (!video) return "it has no video";
  if (video.codec !== expected.codec) return `its video is ${video.codec}, not ${expected.codec}`;
  const shortSide = Math.min(video.width, video.height);
  if (shortSide > expected.size) return `its short side is ${shortSide} pixels, more than ${expected.size}`;
  const { frame = video } = expected;
  if (video.width !== frame.width || video.height !== frame.height)
    return `its picture is ${video.width}x${video.height}, not ${frame.width}x${frame.height}`;
  const depth = /p(10|12|14|16)(le|be)$/.exec(video.pixelFormat ?? "")?.[1] ?? "8";
  const wanted = expected.hdr ? "10" : "8";
  if (video.pixelFormat !== undefined && depth !== wanted)
    return `its pixels are ${video.pixelFormat}, not of ${wanted} bits`;
  return expected.colour && colourProblem(expected.colour, video);
}

/** A player shows wrong colours when a picture does not say what its numbers mean. */
function colourProblem(expected: Colour, { matrix, primaries, transfer, range = "tv" }: VideoStream) {
  const found = { matrix, primaries, transfer, range };
  const wrong = (["matrix", "primaries", "transfer", "range"] as const).find((tag) => found[tag] !== expected[tag]);
  return wrong && `its colour says ${wrong} ${found[wrong] ?? "unknown"}, not ${expected[wrong]}`;
}

export function audioProblem(
  { codec, channels }: Pick<ExpectedAudio, "codec" | "channels">,
  { audio: [audio] }: { audio: readonly AudioStream[] },
) {
  if (!audio) return "it has no audio, but the source has";
  if (audio.codec !== codec) return `its audio is ${audio.codec}, not ${codec}`;
  return channels === undefined ? undefined : channelProblem(channels, audio);
}

/** Channels that an AAC stream lists one by one are nothing that browsers play: ffmpeg does not call them 5.1. */
function channelProblem(expected: number, { codec, channels = expected, layout = "5.1" }: AudioStream) {
  if (channels !== expected) return `its audio has ${channels} channels, not ${expected}`;
  return codec === "aac" && expected === 6 && layout !== "5.1" ? `its audio is ${layout}, not 5.1` : undefined;
}

/** Frames of sound do not end where pictures do, and encoders add a frame or two. */
const roundedSeconds = 0.15;

/** What is wrong with the packets of a video, all of which are there. */
export function pictureProblem({ frames, seconds }: Pick<ExpectedVideo, "frames" | "seconds">, packets: StreamPackets) {
  if (frames !== undefined && packets.count !== frames) return `it has ${packets.count} pictures instead of ${frames}`;
  const tolerance = Math.max(roundedSeconds, 2 * packets.shortInterval);
  return orderProblem("pictures", packets) ?? endProblem("its pictures last", seconds, packets.endSeconds, tolerance);
}

/** What is wrong with the packets of a sound, all of which are there. */
export function soundProblem({ seconds }: Pick<ExpectedAudio, "seconds">, packets: StreamPackets) {
  const held = packets.count * packets.meanInterval;
  return (
    orderProblem("sound", packets) ??
    endProblem("its sound lasts", seconds, packets.endSeconds, roundedSeconds) ??
    (packets.count > 1 ? endProblem("all of its sound together lasts", seconds, held, roundedSeconds) : undefined)
  );
}

const orderProblem = (what: string, { backwards }: StreamPackets) =>
  backwards > 0 ? `${backwards} packets of ${what} do not come after the one before` : undefined;

/** What is wrong with something that must end at a time that was planned. */
export function endProblem(what: string, planned: number | undefined, actual: number, tolerance = roundedSeconds) {
  if (planned === undefined || Math.abs(actual - planned) <= tolerance) return undefined;
  return `${what} until ${actual.toFixed(2)} s instead of ${planned.toFixed(2)} s`;
}

/** What is wrong with something that a user's own arguments made, and that must be as long as the source. */
export function lengthProblem(what: string, planned: number, actual: number): string | undefined {
  if (Math.abs(actual - planned) <= Math.max(1, planned * 0.01)) return undefined;
  const reason = actual < planned ? "the source may be cut off or damaged" : "the source's timestamps may be damaged";
  return `${what} is ${actual.toFixed(1)} s long but the source says ${planned.toFixed(1)} s: ${reason}`;
}
