import { type Role, rolesOf } from "#worker/ffmpeg/role.ts";
import type { AudioStream, SubtitleStream } from "#worker/ffmpeg/streams.ts";
import { languageOf } from "./language.ts";

type Track = AudioStream | SubtitleStream;
/** The attributes of a tag, by their names; texts that a playlist quotes are quoted. */
export type Attributes = Readonly<Record<string, string | number>>;

/**
 * The attributes of the EXT-X-MEDIA tags for the tracks of a group (RFC 8216bis, 4.4.6.1). The first track of sound is the
 * default; no subtitles are shown unless the viewer asks for them, or the order says so.
 */
export function mediaAttributes(kind: "audio" | "subtitles", tracks: readonly Track[]): Attributes[] {
  const names = namesOf(kind, tracks);
  const taken = new Set<string>();
  return tracks.map((track, at) => {
    const roles = rolesOf(track, kind);
    const language = languageOf(track.language)?.tag;
    const marks = roles.flatMap((role) => characteristics[role] ?? []);
    const said: Attributes = {
      ...(language !== undefined && { LANGUAGE: quoted(language) }),
      ...(roles.includes("forced") && { FORCED: "YES" }),
      ...(marks.length > 0 && { CHARACTERISTICS: quoted(marks.join(",")) }),
    };
    const isDefault = kind === "audio" ? at === 0 : isOrdered(track) && track.disposition.isDefault;
    // Of tracks that say the same of themselves a player would take any.
    const key = JSON.stringify(said);
    const isChosen = isDefault || !(taken.has(key) || roles.includes("commentary"));
    if (isChosen) taken.add(key);
    return { NAME: quoted(names[at] ?? ""), ...said, DEFAULT: yesNo(isDefault), AUTOSELECT: yesNo(isChosen) };
  });
}

const isOrdered = (track: Track) => "text" in track && track.text !== undefined;

/** A text as a playlist quotes it; it must not hold a quotation mark. */
export const quoted = (text: string) => `"${text}"`;
const yesNo = (is: boolean) => (is ? "YES" : "NO");

const characteristics: Partial<Record<Role, readonly string[]>> = {
  "audio description": ["public.accessibility.describes-video"],
  SDH: ["public.accessibility.transcribes-spoken-dialog", "public.accessibility.describes-music-and-sound"],
};

/** A name of its own for each: its title, or its language, and what it is unless that says it. */
export function namesOf(kind: "audio" | "subtitles", tracks: readonly Track[]): string[] {
  const wanted = tracks.map((track, at) => {
    const base = titleOf(track) ?? languageOf(track.language)?.name ?? `Track ${at + 1}`;
    const unsaid = rolesOf(track, kind).filter((role) => !base.toLowerCase().includes(role.toLowerCase()));
    return unsaid.length > 0 ? `${base} (${unsaid.join(", ")})` : base;
  });
  const taken = new Set<string>();
  return wanted.map((name, at) => {
    const language = languageOf(tracks[at]?.language)?.name;
    const isShared = wanted.filter((other) => other === name).length > 1;
    const full = isShared && language && !name.includes(language) ? `${name} (${language})` : name;
    const unique = taken.has(full) ? `${full} ${at + 1}` : full;
    taken.add(unique);
    return unique;
  });
}

/** As a quoted string may hold it. */
const titleOf = ({ title = "" }: Track) =>
  title
    .replace(/\p{Cc}/gu, " ")
    .replaceAll('"', "'")
    .trim()
    .slice(0, 100) || undefined;
