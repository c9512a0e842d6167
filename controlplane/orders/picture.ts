import type { PictureSettings } from "#shared/job/picture.ts";

/** A posted order with its fields about the picture in one, as workers and records have them. */
export function withPictureApart<T extends PictureSettings>({
  crop,
  fit,
  width,
  height,
  background,
  rotate,
  deinterlace,
  denoise,
  ...order
}: T) {
  const picture: PictureSettings = {
    ...(crop && { crop }),
    ...(fit && { fit }),
    ...(width && { width }),
    ...(height && { height }),
    ...(background && { background }),
    ...(rotate !== undefined && { rotate }),
    ...(deinterlace && { deinterlace }),
    ...(denoise && { denoise }),
  };
  return { ...order, ...(Object.keys(picture).length > 0 && { picture }) };
}
