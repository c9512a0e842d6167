import { join } from "node:path";
import { type Role, rolesOf } from "#worker/ffmpeg/role.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { outputColour } from "./colour.ts";
import { filmTarget } from "./hdr.ts";
import { type Muxed, masterName } from "./hls.ts";
import type { Ladder } from "./ladder.ts";
import { negativeOffsets } from "./lip-sync.ts";
import type { Place } from "./plan.ts";
import { muxerSeconds, perSecond } from "./rate.ts";

/** DASH, and HLS over the same segments if the preset wants both. ffmpeg 5.1 calls the playlists `media_<n>.m3u8`. */
export function dashMuxer({ output_type }: SegmentedPreset, ladder: Ladder, { outputDir }: Place): Muxed {
  const { rungs, audio, sounds } = ladder;
  const isCmaf = output_type === "cmaf";
  const first = rungs.length;
  // Players change only within a set, and never between HDR and SDR.
  const pictures = [true, false]
    .map((isHdr) => rungs.flatMap(({ hdr }, at) => (Boolean(hdr) === isHdr ? [at] : [])))
    .filter((set) => set.length > 0);
  const sets = [...pictures, ...sounds.map((_, at) => [first + at])].map(
    (streams, id) => `id=${id},streams=${streams.join(",")}`,
  );
  return {
    args: [
      ...["-f", "dash", "-use_timeline", "1", "-use_template", "1"],
      ...["-seg_duration", muxerSeconds(ladder.segmentSeconds - 0.5 / perSecond(ladder.rate))],
      ...["-adaptation_sets", sets.join(" ")],
      // An index of its own in each segment is nothing that CMAF knows.
      ...["-format_options", isCmaf ? `${negativeOffsets}+skip_sidx` : negativeOffsets],
      ...["-init_seg_name", "init_$RepresentationID$.m4s"],
      ...["-media_seg_name", "chunk_$RepresentationID$_$Number%05d$.m4s"],
      ...(isCmaf ? ["-hls_playlist", "1", "-hls_master_name", masterName] : []),
      join(outputDir, "manifest.mpd"),
    ],
    apart: [],
    entries: isCmaf ? [masterName, "manifest.mpd"] : ["manifest.mpd"],
    samples: [...rungs, ...sounds].map((_, at) => `chunk_${at}_00001.m4s`),
    roles: [...pictures.map(() => ["main"]), ...sounds.map(({ track }) => rolesOfSound(track, track === audio[0]))],
    ...(rungs.some(({ hdr }) => hdr) && { colours: coloursOf(ladder, pictures) }),
    segment: (at) => `chunk_0_${String(at + 1).padStart(5, "0")}.m4s`,
    playlists: {
      video: rungs.map((_, at) => `media_${at}.m3u8`),
      audio: sounds.map((_, at) => `media_${first + at}.m3u8`),
    },
  };
}

function coloursOf({ rungs, video }: Ladder, sets: readonly (readonly number[])[]) {
  return sets.map(([at = 0]) => {
    const hdr = rungs[at]?.hdr;
    return { colour: outputColour(video, filmTarget(hdr)), isEssential: hdr !== undefined && sets.length > 1 };
  });
}

/** In the words of ISO/IEC 23009-1, 5.8.5.5. */
function rolesOfSound(track: AudioStream, isFirst: boolean): readonly string[] {
  const roles = rolesOf(track, "audio").flatMap((role) => dashRoles[role] ?? []);
  return roles.length > 0 ? roles : [isFirst ? "main" : "alternate"];
}

const dashRoles: Partial<Record<Role, string>> = { commentary: "commentary", "audio description": "description" };
