import type { RawPreset } from "#worker/presets/raw-preset.ts";
import { countVariants } from "#worker/presets/stream-map.ts";
import { lastValue } from "./raw-args.ts";

type Files = Pick<RawPreset, "output_files" | "ffmpeg_args">;

/**
 * What ffmpeg is told to write for an entry, and what it needs besides. Where the entry is a master playlist, that is
 * the playlists of the variants.
 */
export function targetOf(entry: string, { output_files, ffmpeg_args: args }: Files) {
  const variants = countVariants(lastValue(args, "-var_stream_map") ?? "");
  const isMaster = entry === lastValue(args, "-master_pl_name") || (variants > 1 && !entry.includes("%v"));
  if (!isMaster) return { target: entry, args: [] };
  const listed = output_files?.slice(1).find((name) => /[*?]|%v/.test(name) && name.endsWith(".m3u8"));
  return { target: listed?.replace(/[*?]+/, "%v") ?? "stream_%v.m3u8", args: ["-master_pl_name", entry] };
}

/** Whether a file holds several segments, and grows after it has its name. */
export const sharesFiles = (args: readonly string[]) => args.some((arg) => /single_file|hls_segment_size/.test(arg));

/** Whether a file of this name is a segment: complete with its name. Neither one that grows is, nor an init segment. */
export function segmentNames({ output_files, ffmpeg_args: args }: Files): (name: string) => boolean {
  if (sharesFiles(args)) return () => false;
  const told = ["-hls_segment_filename", "-media_seg_name"].flatMap((option) => lastValue(args, option) ?? []);
  const inits = ["-init_seg_name", "-hls_fmp4_init_filename"].flatMap((option) => lastValue(args, option) ?? []);
  const media = [...told, ...(output_files?.slice(1) ?? [])].filter(isOfMany).map(namesOf);
  const notMedia = [...inits, "init-stream$RepresentationID$.m4s"].map(namesOf);
  const isAmong = (patterns: readonly RegExp[], name: string) => patterns.some((pattern) => pattern.test(name));
  return (name) => isAmong(media, name) && !isAmong(notMedia, name);
}

const placeholder = /\*|\?|%v|%0?\d*d|\$RepresentationID\$|\$(?:Number|Time)(?:%0\d+d)?\$/g;

/** A pattern without a number in it, or something that stands for one, names no segments but a file like init. */
const isOfMany = (pattern: string) => /\.(ts|m4s)$/.test(pattern) && /[*?]|%0?\d*d|\$(Number|Time)/.test(pattern);

/** The names that a pattern stands for, of a shell's kind or of ffmpeg's. */
function namesOf(pattern: string): RegExp {
  const parts = pattern.split(placeholder).map((text) => text.replace(/[.$+()[\]{}^|\\-]/g, "\\$&"));
  const gaps = (pattern.match(placeholder) ?? []).map(gapOf);
  return new RegExp(`^${parts.map((part, at) => part + (gaps[at] ?? "")).join("")}$`);
}

function gapOf(placeholder: string): string {
  if (placeholder === "*") return ".*";
  if (placeholder === "?") return ".";
  return /v|ID/.test(placeholder) ? "[\\w-]+" : "\\d+";
}
