import { mostFacts } from "#shared/job/fact-schemas.ts";
import type { SpriteSettings } from "#shared/job/thumbnails.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { Beside } from "./beside.ts";
import { videoOf } from "./input.ts";
import { sizeWithin } from "./picture.ts";
import { numbered, type PictureNames } from "./picture-names.ts";
import type { PlannedRendition } from "./planned-rendition.ts";
import { stillMoments } from "./stills-at.ts";
import { sheetsOf } from "./thumbnails.ts";

/** The pictures beside a film, or instead of one, that an encode of this source would make. */
export function stillsOf(preset: Beside & { name: string }, probe: Probe, names: PictureNames): PlannedRendition[] {
  const { preview, thumbnails, poster, stills } = preset;
  if (!preview && !thumbnails && !poster && !stills) return [];
  const source = videoOf(probe, preset);
  const picture = (name: string, size: number) => ({
    ...{ name, kind: "image" as const, codec: "mjpeg" },
    ...sizeWithin(source, size),
  });
  const isFilm = preview?.format === "mp4";
  const film = { kind: isFilm ? ("video" as const) : ("image" as const), codec: isFilm ? "h264" : "webp" };
  const moments = stills ? stillMoments(stills, { video: source, probe }) : [];
  return [
    ...(preview
      ? [{ name: names.preview(preview.format), ...film, ...sizeWithin(source, preview.size), frameRate: preview.rate }]
      : []),
    ...(thumbnails ? thumbnailsOf(thumbnails, { video: source, probe }, names.sheets) : []),
    ...(poster ? [picture(names.poster, poster.size)] : []),
    ...moments.map((_, at) => picture(numbered(names.still, at), stills?.size ?? 0)),
  ];
}

/** The WebVTT, with the size of the pictures that it names, and the sheets of them. */
function thumbnailsOf(
  settings: SpriteSettings,
  source: { video: VideoStream; probe: Probe },
  name: string,
): PlannedRendition[] {
  const { width, height, columns, rows, sheets = 1 } = sheetsOf(settings, source);
  return [
    { name: `${name}.vtt`, kind: "image", codec: "webvtt", width, height },
    ...Array.from({ length: Math.min(sheets, mostFacts - 1) }, (_, at) => ({
      name: numbered(name, at),
      ...{ kind: "image" as const, codec: "mjpeg", width: width * columns, height: height * rows },
    })),
  ];
}
