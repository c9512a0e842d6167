import type { MessageInitShape } from "@bufbuild/protobuf";
import * as v from "valibot";
import type { SubtitleSchema } from "#proto/worker/v1/worker_pb.js";
import { type SubtitleOrder, Subtitles } from "#shared/job/subtitles.ts";

type SubtitleInit = Omit<MessageInitShape<typeof SubtitleSchema>, "$typeName" | "$unknown">;

/** The subtitles of an order as their messages have them. */
export const subtitlesToMessage = (subtitles: readonly SubtitleOrder[]): SubtitleInit[] =>
  subtitles.map(({ track, ...same }) => ({ ...same, ...(track !== undefined && { track: String(track) }) }));

/** The subtitles in messages, which may have any values. */
export const subtitlesIn = (messages: readonly SubtitleInit[] = []): Partial<Record<string, unknown>>[] =>
  messages.map(({ url, track, language, name, mode, forced, default: isDefault }) => {
    const set = Object.entries({ url, track: trackOf(track), language, name, mode }).filter(([, one]) => one !== "");
    const flags = Object.entries({ forced, default: isDefault });
    return Object.fromEntries([...set, ...flags].filter(([, one]) => one !== undefined));
  });

const trackOf = (text: string | undefined) => (text && /^\d{1,4}$/.test(text) ? Number(text) : text);

/** The subtitles of an order that a worker has accepted; undefined where it has none. */
export function subtitlesFromMessage(messages: readonly SubtitleInit[] | undefined): SubtitleOrder[] | undefined {
  const said = v.safeParse(Subtitles, subtitlesIn(messages));
  return said.success && said.output.length > 0 ? said.output : undefined;
}
