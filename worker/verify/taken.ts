import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { AudioStream, Probe, VideoStream } from "#worker/ffmpeg/media.ts";
import { rolesOf } from "#worker/ffmpeg/role.ts";

/**
 * What an encode took of its source that is not what people call the film, though its outputs are as planned. The
 * source must have been decoded without damage.
 */
export function takenProblem({ video, videos = [], audio }: Probe, report: EncodeReport): string | undefined {
  const isTaken = ({ index }: VideoStream | AudioStream) => (report.read.get(index)?.frames ?? 0) > 0;
  return stillProblem(videos, isTaken) ?? soundProblem(audio, isTaken) ?? momentProblem(video, report);
}

type IsTaken = (stream: VideoStream | AudioStream) => boolean;

/** A still picture is no film where another track moves. */
function stillProblem(videos: readonly VideoStream[], isTaken: IsTaken): string | undefined {
  const taken = videos.filter(isTaken).map(countOf);
  const most = Math.max(0, ...videos.map(countOf));
  if (taken.length === 0 || taken.some((count) => count > Math.max(1, most / 100)) || most <= 1) return undefined;
  return `its picture is a track of ${taken[0]} pictures, and the source has one of ${most}`;
}

const countOf = ({ packets }: VideoStream) => packets?.count ?? 0;

/** What comments or describes the film is no replacement for its sound. */
function soundProblem(audio: readonly AudioStream[], isTaken: IsTaken): string | undefined {
  // What changes on the way is read by a run of its own.
  if (audio.some(({ isChanging }) => isChanging) || !audio.some(isTaken)) return undefined;
  const main = audio.filter((track) => track.disposition.isDefault && rolesOf(track, "audio").length === 0);
  return main.length === 0 || main.some(isTaken) ? undefined : "its sound is not the default track of the source";
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
