/** One version of the video that a player may choose; 0 bits per second means unknown. */
export type Rendition = { size: string; bitsPerSecond: number };

/** Starts to play an output in a video element; aborting the signal ends it. */
export type StartPlayer = (playing: {
  /** Where it plays. */
  element: HTMLVideoElement;
  /** The address of the output: its file, playlist or manifest. */
  url: string;
  /** The size of the output; undefined while it is unknown. */
  bytes: number | undefined;
  /** Called with the renditions once they are known. */
  onRenditions(renditions: readonly Rendition[]): void;
  /** Whether pictures alone are wanted, as small as there are. */
  isPreview?: boolean;
  /** Called when the output cannot be played. */
  onFailure(): void;
  /** Ends the player. */
  signal: AbortSignal;
}) => void;
