import type { SetColour } from "#worker/plan/code-points.ts";
import { codePoints } from "#worker/plan/code-points.ts";

/** When the longest representation of a DASH manifest ends, in seconds; undefined without a SegmentTimeline. */
export function timelineEnd(manifest: string): number | undefined {
  const ends = timelines(manifest).map(({ end }) => end);
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/**
 * A manifest whose durations are those of its segments. ffmpeg cuts them to tenths of a second, and players cut off
 * what is shown after that.
 */
export function withTrueDurations(manifest: string): string {
  const end = timelineEnd(manifest);
  if (end === undefined || !/\btype="static"/.test(manifest)) return manifest;
  const longest = Math.max(...timelines(manifest).map(({ longest }) => longest));
  return manifest
    .replace(/\b(mediaPresentationDuration=")[^"]*"/, `$1${duration(end)}"`)
    .replace(/\b(maxSegmentDuration=")[^"]*"/, `$1${duration(longest)}"`)
    .replace(/(<Period\b[^>]*\bduration=")[^"]*"/, `$1${duration(end)}"`);
}

/**
 * A manifest that says what each of its adaptation sets is for (ISO/IEC 23009-1, 5.8.5.5), in their order. Players choose
 * the sound to begin with by that.
 */
export function withRoles(manifest: string, roles: readonly (readonly string[])[]): string {
  let at = 0;
  return manifest.replace(/([ \t]*)<AdaptationSet\b[^>]*>/g, (head, indent: string) => {
    const said = (roles[at++] ?? []).map((role) => `\n${indent}\t<Role schemeIdUri="${roleScheme}" value="${role}" />`);
    return head + said.join("");
  });
}

/**
 * A manifest that says what the numbers of the pictures in its first adaptation sets mean, in their order (ISO/IEC 23091-2).
 * Players that do not know what is essential leave such a set alone.
 */
export function withColours(manifest: string, colours: readonly SetColour[]): string {
  let at = 0;
  return manifest.replace(/([ \t]*)<AdaptationSet\b[^>]*>/g, (head, indent: string) => {
    const one = colours[at++];
    if (!one) return head;
    const element = one.isEssential ? "EssentialProperty" : "SupplementalProperty";
    const said = codePoints(one.colour).map(
      ([name, value]) => `\n${indent}\t<${element} schemeIdUri="urn:mpeg:mpegB:cicp:${name}" value="${value}" />`,
    );
    return head + said.join("");
  });
}

const roleScheme = "urn:mpeg:dash:role:2011";

/** What a manifest says of its whole length, in seconds. */
export function statedDuration(manifest: string): number | undefined {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /\bmediaPresentationDuration="PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?"/.exec(manifest) ?? [];
  const total = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return total > 0 ? total : undefined;
}

const timelines = (manifest: string) =>
  [...manifest.matchAll(/<SegmentTemplate\b([^>]*)>(.*?)<\/SegmentTemplate>/gs)].flatMap(([, head = "", body = ""]) => {
    const scale = attribute(head, "timescale") ?? 1;
    const segments = [...body.matchAll(/<S\b([^>]*)>/g)].map(([, item = ""]) => item);
    if (segments.length === 0) return [];
    const end = segments.reduce(
      (time, item) => (attribute(item, "t") ?? time) + (attribute(item, "d") ?? 0) * (1 + (attribute(item, "r") ?? 0)),
      0,
    );
    const longest = Math.max(...segments.map((item) => attribute(item, "d") ?? 0));
    return [{ end: (end - (attribute(head, "presentationTimeOffset") ?? 0)) / scale, longest: longest / scale }];
  });

function attribute(text: string, name: string) {
  const value = new RegExp(`\\b${name}="(\\d+)"`).exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}

/** Never less than it is, and to the microsecond. */
function duration(seconds: number) {
  const microseconds = Math.ceil(seconds * 1e6 - 1e-3);
  const minutes = Math.floor(microseconds / 60e6);
  const rest = ((microseconds - minutes * 60e6) / 1e6).toFixed(6).replace(/(\.\d+?)0+$/, "$1");
  return `PT${minutes >= 60 ? `${Math.floor(minutes / 60)}H` : ""}${minutes > 0 ? `${minutes % 60}M` : ""}${rest}S`;
}
