import type { Probe } from "#worker/ffmpeg/media.ts";
import type { SinglePreset } from "#worker/presets/schema.ts";
import { videoOf } from "./input.ts";
import { sizeWithin } from "./picture.ts";
import type { PlannedRendition } from "./planned-rendition.ts";
import { thumbnailSize } from "./thumbnails.ts";

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
    const size = thumbnailSize(thumbnails, sizeWithin(source, Number.POSITIVE_INFINITY));
    stills.push({ name: "output.vtt", kind: "image", codec: "mjpeg", ...size });
  }
  if (poster) {
    const name = named("output.poster.jpg", "output.jpg");
    stills.push({ name, kind: "image", codec: "mjpeg", ...sizeWithin(source, poster.size) });
  }
  return stills;
}
