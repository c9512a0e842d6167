import type { Overlay } from "#shared/job/overlay.ts";

type Size = { width: number; height: number };

/** An overlay whose picture lies on the disk: a PNG with alpha of one picture, which this process made. */
export type FetchedOverlay = Omit<Overlay, "url"> & {
  /** Its absolute path. */
  path: string;
  /** The size of the picture itself. */
  picture: Size;
};

/** What is laid over the pictures of a film. */
export type OverlaidFilm = {
  /** The lowest first. */
  all: readonly FetchedOverlay[];
  /** The size of its largest rendition, whose pixels overlays are told in. */
  best: Size;
};
