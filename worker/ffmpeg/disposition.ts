import * as v from "valibot";

/** As ffprobe writes it: 0 or 1 for each name. */
export const Dispositions = v.optional(v.record(v.string(), v.number()), {});
type Dispositions = v.InferOutput<typeof Dispositions>;

/** What the container says that a stream is for; false where it says nothing. */
const dispositionOf = (flags: Dispositions) => ({
  isDefault: flags["default"] === 1,
  isForced: flags["forced"] === 1,
  /** A commentary. */
  isComment: flags["comment"] === 1,
  /** For people who hear badly: subtitles that tell sounds, or clearer speech. */
  isHearingImpaired: flags["hearing_impaired"] === 1,
  /** For people who see badly: an audio description. */
  isVisualImpaired: flags["visual_impaired"] === 1,
  /** Texts that describe the picture. */
  isDescriptions: flags["descriptions"] === 1,
  isOriginal: flags["original"] === 1,
  isDub: flags["dub"] === 1,
  /** Captions, which tell sounds as well as speech. */
  isCaptions: flags["captions"] === 1,
});

/** What a stream is for. */
export type Purpose = {
  /** The flags that the container sets, such as `default` and `forced`. */
  disposition: ReturnType<typeof dispositionOf>;
  /** What the container calls it. */
  title: string | undefined;
};

type Found = {
  disposition?: Dispositions;
  tags?: { title?: string | undefined; name?: string | undefined } | undefined;
};

export const purposeOf = ({ disposition = {}, tags }: Found): Purpose => ({
  disposition: dispositionOf(disposition),
  // Matroska has titles; QuickTime and mp4 have the names of tracks.
  title: tags?.title?.trim() || tags?.name?.trim() || undefined,
});
