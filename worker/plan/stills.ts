import { mostFacts } from "#shared/job/fact-schemas.ts";
import type { Probe, VideoStream } from "#worker/ffmpeg/media.ts";
import type { ThumbnailSettings } from "#worker/presets/fields.ts";
import type { SinglePreset } from "#worker/presets/single-preset.ts";
import { videoOf } from "./input.ts";
import { sizeWithin } from "./picture.ts";
import type { PlannedRendition } from "./planned-rendition.ts";
import { sheetSuffix, sheetsOf } from "./thumbnails.ts";

/** The stills and the preview that an encode of this source would make. */
export function stillsOf(preset: SinglePreset, probe: Probe): PlannedRendition[] {
  const { video, audio, preview, thumbnails, poster } = preset;
  if (!preview && !thumbnails && !poster) return [];
  const source = videoOf(probe, preset);
  const named = (beside: string, only: string) => (video || audio ? beside : only);
  const stills: PlannedRendition[] = [];
  if (preview) {
    const name = named(`output.preview.${preview.format}`, `output.${preview.format}`);
    const isFilm = preview.format === "mp4";
    const film = { kind: isFilm ? ("video" as const) : ("image" as const), codec: isFilm ? "h264" : "webp" };
    stills.push({ name, ...film, ...sizeWithin(source, preview.size), frameRate: preview.rate });
  }
  if (thumbnails) {
    stills.push(...thumbnailsOf(thumbnails, { video: source, probe }));
  }
  if (poster) {
    const name = named("output.poster.jpg", "output.jpg");
    stills.push({ name, kind: "image", codec: "mjpeg", ...sizeWithin(source, poster.size) });
  }
  return stills;
}

/** The WebVTT, with the size of the pictures that it names, and the sheets of them. */
function thumbnailsOf(settings: ThumbnailSettings, source: { video: VideoStream; probe: Probe }): PlannedRendition[] {
  const { width, height, columns, rows, sheets = 1 } = sheetsOf(settings, source);
  return [
    { name: "output.vtt", kind: "image", codec: "webvtt", width, height },
    ...Array.from({ length: Math.min(sheets, mostFacts - 1) }, (_, at) => ({
      name: `output${sheetSuffix(at)}`,
      ...{ kind: "image" as const, codec: "mjpeg", width: width * columns, height: height * rows },
    })),
  ];
}
