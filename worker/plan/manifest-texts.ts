import { rolesOf } from "#worker/ffmpeg/role.ts";
import type { ManifestText } from "#worker/manifests/dash-texts.ts";
import { namesOf } from "./ext-x-media.ts";
import type { Ladder } from "./ladder.ts";
import { languageOf } from "./language.ts";

/** The subtitles of a ladder as its DASH manifest names them, behind the sets of its pictures and sounds. */
export function manifestTexts({ rungs, sounds, subtitles }: Ladder, files: readonly string[]): ManifestText[] {
  const names = namesOf("subtitles", subtitles);
  return subtitles.map((track, at) => {
    const roles = rolesOf(track, "subtitles");
    const isForced = roles.includes("forced");
    return {
      file: files[at] ?? "",
      id: rungs.length + sounds.length + at,
      language: languageOf(track.language)?.tag,
      label: names[at] ?? "",
      roles: [
        isForced ? "forced-subtitle" : roles.includes("SDH") ? "caption" : "subtitle",
        ...(roles.includes("commentary") ? ["commentary"] : []),
        // Players begin with what is the main one, where the viewer has not chosen.
        ...(track.text !== undefined && track.disposition.isDefault ? ["main"] : []),
      ],
    };
  });
}
