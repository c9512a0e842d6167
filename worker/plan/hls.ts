import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import type { SetColour } from "./code-points.ts";
import { isMuxed, type Ladder, soundsApart } from "./ladder.ts";
import { negativeOffsets } from "./lip-sync.ts";
import type { Divided, Place } from "./plan.ts";
import { muxerSeconds } from "./rate.ts";

/** What a muxer is told, and what comes of it. */
export type Muxed = {
  /** Everything from the format on. */
  args: readonly string[];
  /** The same for each sound that has a muxer of its own. */
  apart: readonly (readonly string[])[];
  /** What players open, the main one first. */
  entries: readonly [string, ...string[]];
  /** Media that verification looks into. */
  samples: readonly string[];
  /** The name of a segment of the best rendition, by its number from zero. */
  segment(at: number): string;
  /** Playlists of pictures and sound, in the order of the ladder. */
  playlists: { video: readonly string[]; audio: readonly string[] };
  /** Texts that are made of what ffmpeg writes. */
  divided?: readonly Divided[];
  /** What each adaptation set of a DASH manifest is for; left out where there is no manifest. */
  roles?: readonly (readonly string[])[];
  /** What the colours of its adaptation sets of pictures are; left out where none is of HDR. */
  colours?: readonly SetColour[];
};

/** HLS of one playlist with sound in it, or of one for each rendition and sound track. */
export function hlsMuxer(preset: SegmentedPreset, ladder: Ladder, place: Place): Muxed {
  const { format, encryption } = preset.segments;
  const segment = (name: string, number: string) => `segment_${name}${number}.${format === "fmp4" ? "m4s" : "ts"}`;
  const common = [
    ...["-f", "hls", "-hls_time", muxerSeconds(ladder.segmentSeconds), "-hls_playlist_type", "event"],
    ...["-hls_list_size", "0", "-hls_flags", "independent_segments+temp_file"],
    // Text subtitles count from zero, and so must the media beside them.
    ...(preset.subtitles && format === "mpegts" ? ["-muxdelay", "0", "-muxpreload", "0"] : []),
    ...encrypted(preset, place),
  ];
  const { video, audio } = trackNames(ladder, soundsApart(preset, ladder));
  const playlist = (name: string) => `stream_${name}.m3u8`;
  const written = (name: string, playlist: string, init: string) => [
    ...(format === "fmp4" ? fragmented(init) : []),
    ...["-hls_segment_filename", join(place.outputDir, segment(name, "%03d")), join(place.outputDir, playlist)],
  ];
  if (isMuxed(preset)) {
    const best = playlist("0");
    return {
      args: [...common, ...written("", "playlist.m3u8", "0")],
      apart: audio.map((name) => [...common, ...written(`${name}_`, playlist(name), name)]),
      // The master playlist names the copy, which lies with the media: the entry is shown after it, and may be replaced.
      entries: ["playlist.m3u8", masterName],
      divided: [{ from: "playlist.m3u8", names: [best], texts: (whole) => [whole] }],
      samples: encryption ? [] : ["", ...audio.map((name) => `${name}_`)].map((name) => segment(name, "000")),
      segment: (at) => segment("", numbered(at)),
      playlists: { video: [best], audio: audio.map(playlist) },
    };
  }
  // Of a single one ffmpeg 5.1 leaves the pattern as it is.
  const init = video.length + audio.length === 1 ? "0" : "%v";
  return {
    args: [...common, "-var_stream_map", streamMap({ video, audio }), ...written("%v_", playlist("%v"), init)],
    apart: [],
    entries: [masterName],
    samples: encryption ? [] : [...video, ...audio].map((name) => segment(`${name}_`, "000")),
    segment: (at) => segment(`${video[0]}_`, numbered(at)),
    playlists: { video: video.map(playlist), audio: audio.map(playlist) },
  };
}

export const masterName = "master.m3u8";

const numbered = (at: number) => String(at).padStart(3, "0");

// Left to itself the muxer moves all timestamps above zero and says so by an empty edit, which MSE players ignore.
const fragmented = (name: string) => [
  ...["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", `init_${name}.mp4`],
  ...["-avoid_negative_ts", "disabled", "-hls_segment_options", negativeOffsets],
];

const trackNames = ({ rungs }: Ladder, sounds: Ladder["sounds"]) => ({
  video: rungs.map((_, at) => String(at)),
  audio: sounds.map(({ group, at }) => (at === 0 ? group : `${group}_${at}`)),
});

function streamMap({ video, audio }: ReturnType<typeof trackNames>) {
  const group = audio.length > 0 ? ",agroup:audio" : "";
  return [
    ...video.map((name, at) => `v:${at}${group},name:${name}`),
    ...audio.map((name, at) => `a:${at}${group},name:${name}`),
  ].join(" ");
}

function encrypted({ name, segments }: SegmentedPreset, { keyInfoFile }: Place): string[] {
  if (!segments.encryption) return [];
  if (keyInfoFile === undefined) throw new Fault("internal", `preset ${name} encrypts, and there is no key`);
  return ["-hls_key_info_file", keyInfoFile];
}
