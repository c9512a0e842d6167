import { mayChange } from "#worker/ffmpeg/frames.ts";
import type { Joined, Probe } from "#worker/ffmpeg/media.ts";
import { seekingIn } from "#worker/ffmpeg/seeking.ts";

type Part = { from: number; to: number };

/** The parts of a film in each of which one moment is compared, as shares of its length. */
const wherever: readonly Part[] = [{ from: 0.2, to: 1 }];
const whereItChanges: readonly Part[] = [
  { from: 0.05, to: 0.5 },
  { from: 0.5, to: 1 },
];

/**
 * The moments, in seconds of the source, at which verification holds pictures of a film against those of its source: one,
 * or two where pictures may change on the way. They are keyframes, which cost nothing to find, soon after one of the
 * output, which come at least every `period` seconds. Where they cannot be looked for, or where the source's clock starts
 * again, it is the first one alone.
 */
export const comparedMoments = (probe: Probe, period: number): number[] =>
  probe.joined ? momentsOfParts(probe.joined, period) : momentsOf(probe, period);

/** Of a joined film it is one of its first source, of one in the middle and of the last. */
const momentsOfParts = ({ parts }: Joined, period: number): number[] =>
  [...new Set([0, Math.floor(parts.length / 2), parts.length - 1])].flatMap((at) => {
    const { probe, video, startSeconds = 0 } = parts[at] ?? {};
    const moments = probe ? momentsOf({ ...probe, video }, period, startSeconds) : [];
    return moments.slice(0, 1).map((seconds) => startSeconds + seconds);
  });

function momentsOf({ video, format, isSteady }: Probe, period: number, begin = 0): number[] {
  if (!video?.packets) return [];
  const { endSeconds } = video.packets;
  const keyframes = video.packets.keyframes.filter(
    (seconds) => !video.clip || (seconds >= 0 && seconds < video.clip.to),
  );
  // A short clip may have none, and then its pictures are decoded from the one before.
  const [first = video.clip && endSeconds * 0.4] = keyframes;
  if (first === undefined) return [];
  const parts = mayChange(format, video) ? whereItChanges : wherever;
  const found = parts.flatMap(({ from, to }) => {
    const all = keyframes.filter((seconds) => seconds >= from * endSeconds && seconds < to * endSeconds);
    return all.toSorted((a, b) => after(begin + a, period) - after(begin + b, period)).slice(0, 1);
  });
  const isFound = isSteady && seekingIn(format) !== "none" && found.length > 0;
  return isFound ? found : [first];
}

// Pictures from a little before the moment are looked at, and should not need the group of pictures before.
const after = (seconds: number, period: number) => (seconds - 0.15 + period) % period;
