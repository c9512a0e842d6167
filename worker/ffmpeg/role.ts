import type { Purpose } from "./disposition.ts";

/** What a track of sound or text is besides the film itself. */
export type Role = "commentary" | "audio description" | "SDH" | "forced";

// Many authors only write it into the title.
const titles: Readonly<Record<Role, RegExp>> = {
  commentary: /\bcommentar(y|ies)\b/i,
  "audio description": /\b(audio descri(bed|ption)|descriptive audio|described video|visually impaired)\b/i,
  SDH: /\b(SDH|hearing impaired|hard of hearing|closed captions?)\b/i,
  forced: /(?<!\b(?:non|not|un)[- ]?)\bforced\b/i,
};

type Kind = "audio" | "subtitles";

/** What its container or its title says. */
export function rolesOf({ disposition, title = "" }: Purpose, kind: Kind): Role[] {
  const says: Readonly<Record<Role, boolean>> = {
    commentary: disposition.isComment,
    "audio description": disposition.isVisualImpaired || disposition.isDescriptions,
    SDH: disposition.isHearingImpaired || disposition.isCaptions,
    forced: disposition.isForced,
  };
  return kinds[kind].filter((role) => says[role] || titles[role].test(title));
}

const kinds: Readonly<Record<Kind, readonly Role[]>> = {
  audio: ["audio description", "commentary"],
  subtitles: ["forced", "SDH", "commentary"],
};

/** The default track first, and those that comment or describe the film last: the first one is the film's. */
export const mainFirst = <Track extends Purpose>(audio: readonly Track[]): Track[] =>
  audio.toSorted((one, other) => rankOf(one) - rankOf(other));

const rankOf = (track: Purpose) => (rolesOf(track, "audio").length > 0 ? 2 : 0) + (track.disposition.isDefault ? 0 : 1);
