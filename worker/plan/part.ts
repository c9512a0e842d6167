import type { Probe } from "#worker/ffmpeg/media.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { SoundPlan } from "./encoded-sound.ts";
import type { ExpectedFile } from "./expected.ts";
import type { Film } from "./film.ts";
import type { Chain } from "./graph.ts";
import type { Derived, Place } from "./plan.ts";
import type { Reference } from "./reference.ts";

/** One of the outputs that a plan makes from one decoded source. */
export type Part = {
  /** What makes its picture; left out for sound alone. */
  chain?: Chain;
  /** What it takes besides the picture: streams, codecs, format. */
  args: readonly string[];
  /** What ffmpeg writes, perhaps a pattern of numbered names. */
  target: string;
  /** How to spare work when nothing else is made of the source. */
  alone?: {
    /** Options of the input, or of several that are joined. */
    inputs: readonly (readonly string[])[];
    chain?: Chain;
  };
  /** What it leaves in the output directory. */
  files: readonly ExpectedFile[];
  /** How a part of it is encoded; left out where nothing plays. */
  film?: Film;
  /** How its sound can be encoded beside that; left out where that would not be the same. */
  sound?: SoundPlan | undefined;
  /** What its encoder is given; left out where nothing plays. */
  reference?: Omit<Reference, "input">;
  /** A text of ours that joins it. */
  derived?: Derived;
};

export type PartSource = {
  /** The stream whose pictures are taken. */
  video: VideoStream;
  /** The whole source. */
  probe: Probe;
  /** How its files are called. */
  place: Pick<Place, "stem">;
};
