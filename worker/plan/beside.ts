import type { PosterSettings, PreviewSettings, SpriteSettings, StillSettings } from "#shared/job/thumbnails.ts";
import type { Part, PartSource } from "./part.ts";
import type { PictureNames } from "./picture-names.ts";
import { posterPart } from "./poster.ts";
import { previewPart } from "./preview.ts";
import { stillsPart } from "./stills-at.ts";
import { thumbnailsPart } from "./thumbnails.ts";

/** The pictures that a preset has beside its film, or instead of one. */
export type Beside = {
  preview?: PreviewSettings;
  thumbnails?: SpriteSettings;
  poster?: PosterSettings;
  stills?: StillSettings;
};

/** What makes them, from the same decoded pictures; the source is asked for only where there are any. */
export function besideParts(
  { preview, thumbnails, poster, stills }: Beside,
  source: () => PartSource,
  names: PictureNames,
): Part[] {
  return [
    ...(preview ? [previewPart(preview, source(), names.preview(preview.format))] : []),
    ...(thumbnails ? [thumbnailsPart(thumbnails, source(), names.sheets)] : []),
    ...(poster ? [posterPart(poster, source(), names.poster)] : []),
    ...(stills ? [stillsPart(stills, source(), names.still)] : []),
  ];
}
