import type { OutputType } from "#shared/job/event.ts";
import type { Picture } from "#shared/job/picture.ts";
import type { BurnedText } from "#worker/burn/burned-text.ts";
import type { CaptionChannel } from "#worker/captions/channels.ts";
import type { ManifestText } from "#worker/manifests/dash-texts.ts";
import type { FetchedOverlay } from "#worker/overlays/fetched-overlay.ts";
import type { FetchedSubtitle } from "#worker/subtitles/fetched-subtitle.ts";
import type { SetColour } from "./code-points.ts";
import type { SoundPlan } from "./encoded-sound.ts";
import type { ExpectedFile, ExpectedSegments } from "./expected.ts";
import type { Film } from "./film.ts";
import type { Gains } from "./gain.ts";
import type { OverlayArea } from "./overlay.ts";
import type { Reference } from "./reference.ts";

/** Where verification holds pictures of an output against those of its source. */
type Compared = {
  /** Moments of the source, in seconds. */
  moments: readonly number[];
  /** The segments of the best rendition that show them: they are to stay in the output directory until then. */
  segments: readonly string[];
  /** What the preset asks of the pictures. */
  picture?: Picture | undefined;
  /** The parts of the picture that something else is laid over, in shares of its width and height. */
  covered?: readonly OverlayArea[];
  /** The text that is drawn into it. */
  burned?: BurnedText;
};

/** A text file of ours that joins what ffmpeg wrote; `names` is what the output directory holds by then. */
export type Derived = {
  /** Its path below the output directory. */
  name: string;
  /** What it holds; called once the encode is done. */
  text(names: readonly string[]): string;
};

/** What runs before the encode and leaves files for it in the output directory; they are removed after it. */
export type Preparation = {
  /** Everything after `ffmpeg`, of each run of it. */
  steps: readonly (readonly string[])[];
  /** The files, below the output directory. */
  names: readonly string[];
};
/** A text file of ours made of one that ffmpeg wrote, which is not delivered. */
export type Converted = {
  /** The file that ffmpeg wrote, below the output directory. */
  from: string;
  /** The file that is delivered instead. */
  name: string;
  /** What the source has, as ffmpeg names it. */
  codec: string;
  /** Makes its text. */
  text(written: string): string;
};

/** Texts of ours that are made of a file of the output, which is delivered as well. */
export type Divided = {
  /** The file in the output directory. */
  from: string;
  /** The files that it becomes, in the order of their texts. */
  names: readonly string[];
  /** Makes their texts. */
  texts(whole: string): readonly string[];
};

/** A pass that only measures; what it says on stderr, line by line, completes the plan, or tells what else is to be measured. */
export type Analysis = { args: readonly string[]; planWith(said: readonly string[]): Plan };

/** All that is decided about an encode before it starts. */
export type Plan = {
  /** Everything after `ffmpeg`. */
  args: readonly string[];
  /** Where ffmpeg runs and writes; empty before. */
  outputDir: string;
  /** One file each, or how it is segmented. */
  outputType: OutputType;
  /** The file that a player opens first; the first of `entries`. */
  entry: string;
  /** Every file that a player may open. */
  entries: readonly string[];
  /** Whether a file of this name is complete as soon as it has this name, and stays as it is. */
  isMedia(name: string): boolean;
  /** Media that verification looks into: it is to stay in the output directory until then. */
  samples: readonly string[];
  /** What of the output is held against the source; left out for what a user's own arguments make. */
  compared?: Compared;
  /** Left out where nothing plays, and for what a user's own arguments make. */
  reference?: Reference;
  /** How any part of its pictures can be encoded by itself; left out where they are encoded together or not at all. */
  film?: Film;
  /** How its sounds can be encoded beside that; left out where they are encoded when the pictures are there. */
  sound?: SoundPlan | undefined;
  /** The files known beforehand. */
  files: readonly ExpectedFile[];
  /** Of these, the pictures that lie beside segments; left out where there are none. */
  beside?: readonly string[];
  /** Left out for an output of single files, and for segments that a user's own arguments make. */
  segments?: ExpectedSegments;
  /** How long the output must be; undefined when the source does not say or the preset changes it. */
  durationSeconds: number | undefined;
  /** About how many frames the output has, for people. */
  totalFrames: number | undefined;
  /** Texts of ours that are written once the encode is done. */
  derived?: readonly Derived[];
  /** What each adaptation set of a DASH manifest is for (ISO/IEC 23009-1, 5.8.5.5), which ffmpeg does not say. */
  roles?: readonly (readonly string[])[];
  /** What the numbers of the pictures in each adaptation set mean, where some are of HDR. */
  colours?: readonly SetColour[];
  /** Left out where nothing has to run before the encode. */
  preparation?: Preparation;
  /** Texts that ffmpeg writes and we rewrite, such as subtitles. */
  converted?: readonly Converted[];
  /** Texts of ours that are known before the encode. */
  whole?: readonly { name: string; text: string }[];
  /** The texts that a DASH manifest names besides what ffmpeg has made; left out where there are none. */
  manifestTexts?: readonly ManifestText[];
  /** Texts that players load in parts, such as subtitles. */
  divided?: readonly Divided[];
  /** The channels of captions that every picture of the output must carry on. */
  captions?: readonly CaptionChannel[];
  /** What the output lacks of the source, in words for its client. */
  warnings?: readonly string[];
  /** A pass that completes the arguments; left out where they are complete. */
  analysis?: Analysis;
  /** What such passes have measured, for all that is planned of the same source; left out where nothing was to be measured. */
  gains?: Gains;
};

/** Where streams of an output are that are encoded already: see `Place`. */
export type Encoded = Pick<Place, "encoded" | "sound" | "gains">;

export type Place = {
  /** Absolute paths. */
  input: string;
  /** Where ffmpeg writes, as an absolute path. */
  outputDir: string;
  /** What a single output is called at its destination, without its extension. */
  stem: string;
  /** The path of an ffmpeg key info file, for presets that encrypt. */
  keyInfoFile?: string;
  /**
   * Where the pictures are encoded already, and are only to be put beside the sound: for each rendition, from the best to
   * the least, the path of an ffconcat list.
   */
  encoded?: readonly string[];
  /** The path of what `Plan.sound` makes, where all sounds are encoded already, too. */
  sound?: string;
  /** What brings sounds to the loudness of the preset; absent: they are not measured yet. */
  gains?: Gains | undefined;
  /** What is laid over the pictures. */
  overlays?: readonly FetchedOverlay[];
  /** The text that is drawn into them. */
  burned?: BurnedText;
  /** What is shown as text beside the pictures, or drawn into them, by the order; absent: as the preset has it. */
  subtitles?: readonly FetchedSubtitle[];
};
