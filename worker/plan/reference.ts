import type { GraphSource } from "./graph.ts";
import type { KeptHdr } from "./hdr.ts";

/** How a source becomes the pictures that encoders are given: what was encoded is measured against those. */
export type Reference = {
  /** The options of the source as an input, and the input. */
  input: readonly string[];
  /** How the pictures of several inputs become one film; left out where they are those of one. */
  source?: GraphSource;
  /** The number of its stream of pictures. */
  stream: number;
  /**
   * The sounds, as `-map` names them, that are to be read as well: where a source's clock starts again or passes its end,
   * ffmpeg moves all that it reads of an opening together.
   */
  also: readonly string[];
  /** The rate at which encoders are given pictures. */
  framesPerSecond: number;
  /** Of each rendition with pictures, in the order of the output; one of an average bit rate has no CRF. */
  renditions: readonly {
    filters: readonly string[];
    width: number;
    height: number;
    crf?: number;
    /** What it keeps of an HDR source; left out for SDR. */
    hdr?: KeptHdr | undefined;
  }[];
};
