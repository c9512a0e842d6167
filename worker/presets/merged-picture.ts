import type { PictureSettings } from "#shared/job/picture.ts";

/** What an order says of the picture goes before what its preset says. */
export function mergedPicture(asked: PictureSettings, given: PictureSettings = {}): PictureSettings {
  const picture = { ...given, ...asked };
  const leavesNoBars = picture.fit !== undefined && picture.fit !== "contain";
  if (!leavesNoBars || asked.background !== undefined) return picture;
  const { background: _, ...rest } = picture;
  return rest;
}
