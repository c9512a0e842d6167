import { invalidField } from "#shared/fault.ts";
import type { SubtitleOrder } from "#shared/job/subtitles.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { SubtitleStream } from "#worker/ffmpeg/streams.ts";
import { languageOf } from "#worker/plan/language.ts";

/** The track of a source that an order means: by its number, or the first of its language. */
export function findTrack(
  { track, forced = false }: Pick<SubtitleOrder, "track" | "forced">,
  { subtitles }: Pick<Probe, "subtitles">,
  field: string,
): SubtitleStream {
  const found =
    typeof track === "number"
      ? subtitles.find(({ index }) => index === track)
      : // Where a language has several, those that tell signs alone are meant only by who asks for them.
        subtitles
          .filter(({ language }) => primary(language) !== undefined && primary(language) === primary(track))
          .toSorted((one, other) => rank(one, forced) - rank(other, forced))[0];
  if (found) return found;
  const all = subtitles.map(
    ({ index, language, codec }) => `${index} (${[language, codec].filter(Boolean).join(", ")})`,
  );
  const has = all.length > 0 ? `has ${all.slice(0, 20).join(", ")}` : "has no subtitles";
  throw invalidField(field, `is ${String(track)}, and the source ${has}`);
}

const rank = ({ disposition }: SubtitleStream, forced: boolean) => (disposition.isForced === forced ? 0 : 1);

const primary = (language: string | undefined) => languageOf(language)?.tag.split("-")[0];
