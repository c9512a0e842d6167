import type { JoinedPart } from "#worker/ffmpeg/media.ts";
import type { StreamPackets } from "#worker/ffmpeg/stream-packets.ts";
import type { AudioStream, VideoStream } from "#worker/ffmpeg/streams.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { FilmLook } from "./joined-pictures.ts";
import { plainSound } from "./kept-sound.ts";
import { perSecond } from "./rate.ts";

type Film = { parts: readonly JoinedPart[]; seconds: number };

/** Nothing is said of what they are for. */
const purpose = {
  disposition: {
    ...{ isDefault: true, isForced: false, isComment: false, isHearingImpaired: false, isVisualImpaired: false },
    ...{ isDescriptions: false, isOriginal: false, isDub: false, isCaptions: false },
  },
  title: undefined,
};

/** The pictures of a joined film: of one size, upright, whole, at one rate. */
export function joinedVideo({ parts, seconds }: Film, { size, rate, isHdr, colour }: FilmLook): VideoStream {
  const frames = parts.reduce((sum, part) => sum + (part.frames ?? 0), 0);
  const perFrame = 1 / perSecond(rate);
  const packets = parts.flatMap(({ video }) => video?.packets ?? []);
  return {
    ...{ index: 0, codec: "rawvideo", ...size, sampleAspect: 1, rotation: 0, interlaced: false, frames },
    pixelFormat: isHdr ? "yuv420p10le" : "yuv420p",
    ...colour,
    ...(isHdr && { grading: gradingOf(parts) }),
    ...{ averageRate: 1 / perFrame, nominalRate: 1 / perFrame, captions: [], endSeconds: seconds },
    packets: {
      ...evenly(seconds, perFrame, frames),
      keyframes: parts.map(({ startSeconds }) => startSeconds),
      bytes: packets.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    ...purpose,
  };
}

/** How the HDR of the film was graded: by the first source that says it, and as bright as the brightest. */
function gradingOf(parts: readonly JoinedPart[]) {
  const all = parts.flatMap(({ video }) => video?.grading ?? []);
  const mastering = all.find((one) => one.mastering)?.mastering;
  const lights = all.flatMap(({ light }) => light ?? []);
  const most = Math.max(...lights.map((light) => light.most));
  const average = Math.max(...lights.map((light) => light.average));
  return { ...(mastering && { mastering }), ...(lights.length > 0 && { light: { most, average } }) };
}

// As long as most packets of sound are.
const soundPacketSeconds = 0.02;

/** The sound of a joined film; undefined where no source has any. */
export function joinedAudio({ parts, seconds }: Film, preset: Preset | undefined): AudioStream | undefined {
  const tracks = parts.flatMap(({ audio }) => audio ?? []);
  const most = Math.max(...tracks.map(({ channels, isChanging }) => (isChanging ? 2 : (channels ?? 2))));
  const channels = Math.min(most, channelsIn(preset));
  if (tracks.length === 0) return undefined;
  return {
    ...{ index: 0, codec: "pcm_s16le", channels, layout: channels === 1 ? "mono" : "stereo", sampleRate: 48_000 },
    language: tracks[0]?.language,
    endSeconds: seconds,
    packets: {
      ...evenly(seconds, soundPacketSeconds, Math.ceil(seconds / soundPacketSeconds)),
      bytes: tracks.reduce((sum, { packets }) => sum + (packets?.bytes ?? 0), 0),
    },
    ...purpose,
  };
}

const channelsIn = (preset: Preset | undefined) =>
  preset && "audio" in preset && preset.audio ? plainSound(preset.audio).channels : 2;

/** Packets that come one after the other without a pause. */
const evenly = (seconds: number, interval: number, count: number): StreamPackets => ({
  ...{ count, startSeconds: 0, endSeconds: seconds, lastSeconds: Math.max(0, seconds - interval), undecodable: 0 },
  ...{ keyframes: [], shortInterval: interval, meanInterval: interval, longestInterval: interval },
  ...{ backwards: 0, gaps: [], isUneven: false, bytes: 0, bytesOfSecond: new Map() },
});
