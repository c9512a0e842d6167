import * as v from "valibot";

/** What the container says that a stream is for; false where it says nothing. */
type Disposition = {
  isDefault: boolean;
  isForced: boolean;
  /** A commentary. */
  isComment: boolean;
  /** For people who hear badly: subtitles that tell sounds, or clearer speech. */
  isHearingImpaired: boolean;
  /** For people who see badly: an audio description. */
  isVisualImpaired: boolean;
  /** Texts that describe the picture. */
  isDescriptions: boolean;
  isOriginal: boolean;
  isDub: boolean;
  /** Captions, which tell sounds as well as speech. */
  isCaptions: boolean;
};

const names = {
  isDefault: "default",
  isForced: "forced",
  isComment: "comment",
  isHearingImpaired: "hearing_impaired",
  isVisualImpaired: "visual_impaired",
  isDescriptions: "descriptions",
  isOriginal: "original",
  isDub: "dub",
  isCaptions: "captions",
} as const satisfies Record<keyof Disposition, string>;

/** The names by which ffprobe's `stream_disposition` is asked for. */
export const dispositionNames: readonly string[] = Object.values(names);

/** As ffprobe writes it: 0 or 1 for each name. */
export const Dispositions = v.optional(v.record(v.string(), v.number()), {});

/** What a stream is for. */
export type Purpose = {
  /** The flags that the container sets, such as `default` and `forced`. */
  disposition: Disposition;
  /** What the container calls it. */
  title: string | undefined;
};

type Found = {
  disposition?: Readonly<Record<string, number>>;
  tags?: { title?: string | undefined; name?: string | undefined } | undefined;
};

export function purposeOf({ disposition = {}, tags }: Found): Purpose {
  const is = (name: keyof Disposition) => disposition[names[name]] === 1;
  return {
    disposition: {
      isDefault: is("isDefault"),
      isForced: is("isForced"),
      isComment: is("isComment"),
      isHearingImpaired: is("isHearingImpaired"),
      isVisualImpaired: is("isVisualImpaired"),
      isDescriptions: is("isDescriptions"),
      isOriginal: is("isOriginal"),
      isDub: is("isDub"),
      isCaptions: is("isCaptions"),
    },
    // Matroska has titles; QuickTime and mp4 have the names of tracks.
    title: tags?.title?.trim() || tags?.name?.trim() || undefined,
  };
}
