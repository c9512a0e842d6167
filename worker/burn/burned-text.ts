/** A text that is drawn into the pictures of a film: scripts that this process wrote. */
export type BurnedText = {
  /** The absolute path of the script for pictures in each kind of colours. */
  scripts: { film: string; hdr: string };
  /** The largest size of the pictures, in pixels. */
  size: { width: number; height: number };
  /** The moments at which verification looks for it, in seconds of the output. */
  moments: readonly number[];
};
