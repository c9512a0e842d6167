/** One version of the video that a player may choose; 0 bits per second means unknown. */
export type Rendition = { size: string; bitsPerSecond: number };

/** Starts to play an output in a video element; aborting the signal ends it. */
export type StartPlayer = (playing: {
  element: HTMLVideoElement;
  url: string;
  bytes: number | undefined;
  onRenditions(renditions: readonly Rendition[]): void;
  onFailure(): void;
  signal: AbortSignal;
}) => void;
