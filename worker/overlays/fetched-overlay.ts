import type { Overlay } from "#shared/job/overlay.ts";
import type { Animation } from "./animation.ts";

type Size = { width: number; height: number };

/** A picture that lies on the disk, in a file with alpha that this process made. */
export type ReadOverlay = {
  /** Its absolute path: a PNG, or a movie of them where it is animated. */
  path: string;
  /** The size of the picture itself. */
  picture: Size;
  /** How it plays; absent: it stands. */
  animation?: Omit<Animation, keyof Size>;
};

/** An overlay whose picture lies on the disk. */
export type FetchedOverlay = Omit<Overlay, "url"> & ReadOverlay;

/** What is laid over the pictures of a film. */
export type OverlaidFilm = {
  /** The lowest first. */
  all: readonly FetchedOverlay[];
  /** The size of its largest rendition, whose pixels overlays are told in. */
  best: Size;
};
