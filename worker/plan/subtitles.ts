import { join } from "node:path";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { capLength, nothingElse } from "./input.ts";
import type { Ladder } from "./ladder.ts";
import type { Derived, Place } from "./plan.ts";

/** One WebVTT for each text track, and a playlist that names it. */
export function subtitlesOf({ subtitles }: Ladder, probe: Probe, { outputDir }: Place) {
  const seconds = probe.durationSeconds ?? 0;
  const files = subtitles.map((_, at) => `subtitles_${at}.vtt`);
  return {
    files,
    args: subtitles.flatMap(({ index }, at) => [
      ...["-map", `0:${index}`, "-c:s", "webvtt", ...nothingElse.slice(1), ...capLength(probe)],
      ...["-f", "webvtt", join(outputDir, `subtitles_${at}.vtt`)],
    ]),
    derived: files.map(
      (file, at): Derived => ({ name: `stream_subtitles_${at}.m3u8`, text: () => oneSegment(file, seconds) }),
    ),
  };
}

const oneSegment = (file: string, seconds: number) =>
  [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${Math.ceil(seconds)}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    `#EXTINF:${seconds.toFixed(6)},`,
    file,
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
