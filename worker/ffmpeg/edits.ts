/** What makes of decoded pictures those that the rest of a stream's description is of. */
export type Edits = {
  /** The filters. */
  filters: readonly string[];
  /** Whether the pictures of the source may change their size. */
  maySizeChange: boolean;
  /** The size that they are stored in. */
  stored: { width: number; height: number };
  /** Whether they are turned by a quarter by then: their lines were columns. */
  isTurned?: boolean;
  /** The frame of what is made of them, in pixels; left out where it has their own shape. */
  frame?: Frame;
};

/** A size that a picture is brought to. */
export type Frame = {
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
  /** The six hexadecimal digits of the colour of bars that keep the picture's shape; left out where it is stretched. */
  bars?: string;
};
