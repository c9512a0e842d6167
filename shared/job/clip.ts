import * as v from "valibot";
import { described, optional } from "#shared/described.ts";
import { issueAt } from "#shared/schemas.ts";
import { isMoment, Moment, momentWords } from "./moment.ts";

/** A part of a source, in seconds from its beginning as a player shows it: from `start` to before `end`. */
export type Clip = {
  start: number;
  /** Absent: the end of the source. */
  end?: number | undefined;
};

/** The part of a source that a client orders. */
export const ClipOrder = v.pipe(
  v.strictObject(
    {
      start: described(
        Moment,
        "Where it begins: seconds, or hh:mm:ss.mmm; less than the source's length.",
        "00:01:30.5",
      ),
      end: optional(
        Moment,
        "Where it ends: what is shown from then on is no part of it. Default, and where it lies past the source's end: that end.",
        "00:02:00",
      ),
    },
    "must be an object, such as { start: 10, end: 25 }",
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed && clipProblem(dataset.value)) addIssue(issueAt("must come after clip.start", "end"));
  }),
);

/** What is wrong with a clip whatever the source is, and in which field; undefined when nothing is. */
export function clipProblem({ start, end }: Clip): { field: "clip.start" | "clip.end"; message: string } | undefined {
  if (!isMoment(start)) return { field: "clip.start", message: momentWords };
  if (end === undefined) return undefined;
  if (!isMoment(end)) return { field: "clip.end", message: momentWords };
  return end > start ? undefined : { field: "clip.end", message: "must come after clip.start" };
}

/** The JSON of a clip in journals, records and answers. */
export const ClipJson = v.object({
  start: described(v.number(), "Where it begins, in seconds.", 90.5),
  end: optional(v.number(), "Where it ends, in seconds; absent: where the source ends.", 120),
});

/** The clip of a message, which knows no absent numbers but as undefined. */
export const clipFromMessage = ({ start = 0, end }: { start?: number; end?: number | undefined }) => ({
  start,
  ...(end !== undefined && { end }),
});

/** The clip of a text such as `0:10-0:25`, `90.5-` or `00:01:00.5-00:02:00`: its two times as an order has them. */
export function clipOfText(text: string): { start: number | string; end?: number | string } {
  const [, start = text, end = ""] = /^([^-]*)-?([^-]*)$/.exec(text.trim()) ?? [];
  return { start: momentOf(start.trim()), ...(end.trim() && { end: momentOf(end.trim()) }) };
}

/** A number where it is one; what is no time at all is left for the service to refuse. */
const momentOf = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
