/** One of the versions that a player may choose from. */
export type Rendition = { size: string; bitsPerSecond: number };

/** Plays an output in an element until the signal ends it. */
export type StartPlayer = (playing: {
  element: HTMLVideoElement;
  url: string;
  bytes: number | undefined;
  tell(renditions: readonly Rendition[]): void;
  fail(): void;
  signal: AbortSignal;
}) => void;
