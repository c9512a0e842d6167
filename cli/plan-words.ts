import { padded, widest } from "#cli/cells.ts";
import type { Plan } from "#client/client.ts";
import { bitrate, bytes, span } from "#dashboard/format.ts";

type Source = NonNullable<Plan["source"]>;
type PresetPlan = Plan["presets"][number];
type Rendition = PresetPlan["renditions"][number];

/** What a source is, a line for the whole and one for each of its streams. */
export function sourceLines(name: string, source: Source | undefined): string[] {
  if (!source) return [name];
  const { container, duration_seconds, bytes: size, video, audio, subtitles } = source;
  const length = duration_seconds === undefined ? "unknown length" : span(duration_seconds * 1_000);
  return [
    `${name}: ${container}, ${length}, ${bytes(size)}`,
    ...(video ? [videoLine(video)] : []),
    ...audio.map((track) =>
      line("audio", [
        ...[track.codec, track.layout ?? channelsIn(track.channels)],
        ...[track.sample_rate && `${track.sample_rate / 1_000} kHz`, track.language],
      ]),
    ),
    ...subtitles.map(({ codec, language }) => line("subtitles", [codec, language])),
  ];
}

const videoLine = ({ bit_rate, hdr, rotation, scan, ...video }: NonNullable<Source["video"]>) =>
  line("video", [
    ...[video.codec, `${video.width}x${video.height}`],
    video.frame_rate !== undefined && `${video.frame_rate} fps${video.variable_frame_rate ? " (varies)" : ""}`,
    bit_rate !== undefined && bitrate(bit_rate),
    ...[hdr, scan === "interlaced" && scan, rotation && `turned by ${rotation}°`],
  ]);

/** The part of a source that would be encoded, to the picture. */
export const clipLines = (clip: { start: number; end?: number } | undefined): string[] => {
  if (!clip) return [];
  const { start, end = start } = clip;
  return [line("clip", [`${start} s to ${end} s`, `${Number((end - start).toFixed(3))} s long`])];
};

/** What each preset would make, a line each; all of it when there is one preset alone. */
export function planLines(plans: readonly PresetPlan[]): string[] {
  const [only] = plans;
  if (only && plans.length === 1) return detailsOf(only);
  const width = widest(plans.map(({ preset }) => preset));
  return plans.map((plan) => `${padded(plan.preset, width)}  ${summaryOf(plan)}`);
}

function summaryOf({ renditions, error, warnings = [] }: PresetPlan): string {
  if (error) return `✗ ${error.message}`;
  const sizes = new Set(renditions.filter(hasSize).map(({ width, height }) => `${width}x${height}`));
  const codecs = new Set(renditions.flatMap(({ codec, audio }) => [codec, ...(audio ? [audio.codec] : [])]));
  const rates = renditions.find(({ frame_rate }) => frame_rate !== undefined);
  const ranges = new Set(renditions.flatMap(({ kind, hdr = "sdr" }) => (kind === "video" ? hdr : [])));
  const isHdr = [...ranges].some((range) => range !== "sdr");
  const words = [
    ...[[...sizes].join(" "), rates && `${rates.frame_rate} fps`, [...codecs].join(" + ")],
    isHdr && [...ranges].join(" + "),
  ].filter(Boolean);
  const said = renditions.length === 0 ? "what your own arguments make" : words.join("  ");
  return warnings.length > 0 ? `${said}  ! ${warnings.join("; ")}` : said;
}

function detailsOf({ preset, output_type, renditions, dropped = [], warnings = [], error }: PresetPlan): string[] {
  if (error) return [`${preset} refuses it: ${error.message}`];
  const width = widest(renditions.map(({ name }) => name));
  return [
    `${preset} (${output_type}) makes${renditions.length === 0 ? " what your own arguments make" : ""}`,
    ...renditions.map((rendition) => `  ${padded(rendition.name, width)}  ${renditionWords(rendition)}`),
    ...dropped.map(({ size, reason }) => `  leaves out ${size}p: ${reason}`),
    ...warnings.map((warning) => `! ${warning}`),
  ];
}

function renditionWords({ codec, audio, max_bit_rate, ...rendition }: Rendition): string {
  return joined([
    ...[codec, hasSize(rendition) && `${rendition.width}x${rendition.height}`],
    rendition.frame_rate !== undefined && `${rendition.frame_rate} fps`,
    rendition.hdr,
    max_bit_rate !== undefined && `${rendition.kind === "video" ? "maxrate " : ""}${bitrate(max_bit_rate)}`,
    ...[channelsIn(rendition.channels), rendition.language],
    audio && `+ ${joined([audio.codec, audio.bit_rate && bitrate(audio.bit_rate), channelsIn(audio.channels)])}`,
  ]);
}

type Words = readonly (string | number | false | undefined)[];

const joined = (words: Words) => words.filter(Boolean).join(" ");
const line = (kind: string, words: Words) => `  ${kind.padEnd(9)}  ${joined(words)}`;
const hasSize = ({ width, height }: Pick<Rendition, "width" | "height">) => width !== undefined && height !== undefined;

function channelsIn(channels: number | undefined) {
  if (channels === undefined) return undefined;
  return { 1: "mono", 2: "stereo" }[channels] ?? `${channels} channels`;
}
