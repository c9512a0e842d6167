import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { rolesOf } from "#worker/ffmpeg/role.ts";
import type { AudioStream, VideoStream } from "#worker/ffmpeg/streams.ts";

/**
 * How an encode missed what people call the film, though its outputs are as planned: it read other tracks of the source
 * than the main ones, or shows its pictures too early. The source must have been decoded without damage.
 */
export function sourceCoverageProblem({ video, videos = [], audio }: Probe, report: EncodeReport): string | undefined {
  const isRead = ({ index }: VideoStream | AudioStream) => (report.read.get(index)?.frames ?? 0) > 0;
  return stillProblem(videos, isRead) ?? soundProblem(audio, isRead) ?? momentProblem(video, report);
}

type IsRead = (stream: VideoStream | AudioStream) => boolean;

/** A still picture is no film where another track moves. */
function stillProblem(videos: readonly VideoStream[], isRead: IsRead): string | undefined {
  const counts = videos.filter(isRead).map(countOf);
  const most = Math.max(0, ...videos.map(countOf));
  if (counts.length === 0 || counts.some((count) => count > Math.max(1, most / 100)) || most <= 1) return undefined;
  return `its picture is a track of ${counts[0]} pictures, and the source has one of ${most}`;
}

const countOf = ({ packets }: VideoStream) => packets?.count ?? 0;

/** What comments or describes the film is no replacement for its sound. */
function soundProblem(audio: readonly AudioStream[], isRead: IsRead): string | undefined {
  // What changes on the way is read by a run of its own.
  if (audio.some(({ isChanging }) => isChanging) || !audio.some(isRead)) return undefined;
  const main = audio.filter((track) => track.disposition.isDefault && rolesOf(track, "audio").length === 0);
  return main.length === 0 || main.some(isRead) ? undefined : "its sound is not the default track of the source";
}

/** How much earlier than in the source the last picture may come. */
const sameMoment = 0.5;

/** Pictures come when they do in the source: a gap that ffmpeg closes by itself shows all later ones too early. */
function momentProblem(video: VideoStream | undefined, { steadySeconds }: EncodeReport): string | undefined {
  if (!video?.packets || steadySeconds === undefined) return undefined;
  const { lastSeconds, shortInterval } = video.packets;
  if (steadySeconds >= lastSeconds - Math.max(sameMoment, 2 * shortInterval, lastSeconds / 100)) return undefined;
  return `its last picture is shown at ${steadySeconds.toFixed(1)} s, and in the source at ${lastSeconds.toFixed(1)} s`;
}
