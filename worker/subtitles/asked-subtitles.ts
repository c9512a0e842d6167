import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import { checkedValue } from "#shared/checked-value.ts";
import { checkAll, faultIn, invalidField } from "#shared/fault.ts";
import { type SubtitleMode, type SubtitleOrder, Subtitles } from "#shared/job/subtitles.ts";
import { subtitlesIn } from "#shared/rpc/subtitles-message.ts";
import type { Preset } from "#worker/presets/schema.ts";

type Request = Partial<Pick<JobRequest, "subtitles" | "inputs" | "workers">>;

/** The subtitles of a request, as an order has them. Throws `invalid` for values that are none. */
export function askedSubtitles({ subtitles }: Request): { subtitles?: SubtitleOrder[] } {
  const asked = checkedValue(Subtitles, subtitlesIn(subtitles), "subtitles");
  return asked.length > 0 ? { subtitles: asked } : {};
}

/** What becomes of subtitles where the order does not say it. */
export const modeOf = ({ mode }: Pick<SubtitleOrder, "mode">, { output_type }: Pick<Preset, "output_type">) =>
  mode ?? (output_type === "single" ? "embed" : "render");

/** Throws when subtitles are asked for that the preset cannot show, or that may not be fetched. */
export function checkSubtitles(request: Request, preset: Preset | undefined, checkInput: (url: string) => void) {
  const { subtitles = [] } = askedSubtitles(request);
  if (subtitles.length === 0) return;
  checkAll(
    ...subtitles.map(({ url }, at) => () => {
      const fault = url === undefined ? undefined : faultIn(() => checkInput(url));
      if (fault) throw invalidField(`subtitles.${at}.url`, fault.fields[0]?.message ?? fault.message);
    }),
    ...subtitles.map((one, at) => () => {
      const problem = preset && hasFilm(preset) ? modeProblem(modeOf(one, preset), preset) : undefined;
      if (problem) throw invalidField(`subtitles.${at}.mode`, problem);
    }),
    ...subtitles.map(({ track, mode }, at) => () => {
      if (!request.inputs?.length) return;
      if (track !== undefined)
        throw invalidField(`subtitles.${at}.track`, "is of one source, and inputs are several: use a file by url");
      if (mode === "burn")
        throw invalidField(`subtitles.${at}.mode`, "cannot be burn in a film of several inputs: use render or embed");
    }),
    () => {
      if ((request.workers ?? 0) > 1 && subtitles.some(({ mode }) => mode === "burn"))
        throw invalidField("workers", "a film with burned subtitles is encoded by one worker; leave it out");
    },
    () => {
      if (preset && !hasFilm(preset))
        throw invalidField("subtitles", `preset ${preset.name} makes no film of its own settings that could have them`);
    },
  );
}

const hasFilm = (preset: Preset) => !("ffmpeg_args" in preset) && preset.video !== undefined;

function modeProblem(mode: SubtitleMode, { name, output_type }: Preset) {
  if (mode === "render" && output_type === "single")
    return `preset ${name} makes one file, which has no renditions: use embed`;
  if (mode === "embed" && output_type !== "single") return `preset ${name} makes segments, which hold none: use render`;
  return undefined;
}
