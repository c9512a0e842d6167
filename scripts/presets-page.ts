/** Writes the table of docs/presets.md, in both languages, from the presets that come with the worker. */
import type { PreviewSettings, SpriteSettings } from "#shared/job/thumbnails.ts";
import { keepsHdr, type Rendition, type VideoSettings } from "#worker/presets/fields.ts";
import { loadPresets } from "#worker/presets/load.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { withMade } from "./made-part.ts";

/** The pages that have the table, each with the heading of its columns. */
export const pages = [
  { page: new URL("../docs/presets.md", import.meta.url), columns: "| preset | output | what it gives | settings |" },
  { page: new URL("../docs/ja/presets.md", import.meta.url), columns: "| プリセット | 出力 | 得られるもの | 設定 |" },
];

export async function presetsTable(columns: string): Promise<string> {
  const presets = [...(await loadPresets()).values()];
  const rows = presets.map((preset) => {
    const output = preset.output_type === "single" ? `.${preset.extension}` : preset.output_type.toUpperCase();
    return `| \`${preset.name}\` | ${output} | ${preset.description} | ${inside(preset).join("; ")} |`;
  });
  return [columns, "| --- | --- | --- | --- |", ...rows].join("\n");
}

function inside(preset: Preset): string[] {
  if ("ffmpeg_args" in preset) return [];
  const { video, audio } = preset;
  return [
    ...(video ? [video.renditions.map((rendition) => renditionOf(video, rendition)).join(", ")] : []),
    ...(audio ? [`${audio.codec} ${audio.bitrate}`] : []),
    ...(audio?.loudness === undefined ? [] : [`${audio.loudness} LUFS in two passes`]),
    ...(preset.output_type === "single" ? extras(preset) : segments(preset)),
  ];
}

const renditionOf = (video: VideoSettings, rendition: Rendition) =>
  `${rendition.size}p${keepsHdr(video, rendition) ? " HDR" : ""} CRF ${rendition.crf} ≤ ${rendition.maxrate}`;

function segments({ segments: { seconds, format, encryption }, subtitles }: Extract<Preset, { segments: object }>) {
  return [
    `${seconds} s segments, ${format === "mpegts" ? "MPEG-TS" : "fMP4"}`,
    ...(encryption ? [encryption.toUpperCase()] : []),
    ...(subtitles ? ["subtitles as WebVTT"] : []),
  ];
}

type Extras = { poster?: { size: number }; thumbnails?: SpriteSettings; preview?: PreviewSettings };

const extras = ({ poster, thumbnails, preview }: Extras) => [
  ...(poster ? [`poster ${poster.size}p`] : []),
  ...(thumbnails ? [`${thumbnails.width} pixels wide, every ${thumbnails.every_seconds} s`] : []),
  ...(preview
    ? [`${preview.size}p, ${preview.moments} moments in ${preview.seconds} s, ${preview.rate} a second`]
    : []),
];

/** The page with the table as it should be. */
export const withTable = (text: string, made: string) => withMade(text, "presets", made);

if (import.meta.main)
  for (const { page, columns } of pages)
    await Bun.write(page, withTable(await Bun.file(page).text(), await presetsTable(columns)));
