import * as v from "valibot";
import { type Client, hasScope } from "#controlplane/auth/client.ts";
import { described } from "#shared/described.ts";
import { flag, wholeNumber } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { ownIdPattern } from "#shared/job/id.ts";
import { jobStatuses } from "#shared/job/status.ts";

const text = (most: number) =>
  v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(most, `use at most ${most} characters`));

const timePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;
const timeMessage =
  "write a day such as 2026-01-31, which begins at midnight UTC, or a time such as 2026-01-31T12:00:00Z";

/** A time as RFC 3339 writes it; in Unix milliseconds. */
const time = v.pipe(
  v.string(),
  v.regex(timePattern, timeMessage),
  v.transform((text) => Date.parse(text)),
  v.number(timeMessage),
  v.minValue(1, timeMessage),
);

/** What a list may be asked for, as a client writes it. */
export const ListParams = v.object({
  limit: v.pipe(
    v.optional(wholeNumber(1, 100), "20"),
    v.metadata({
      description: "Jobs in a page.",
      type: "integer",
      minimum: 1,
      maximum: 100,
      default: 20,
      examples: [50],
    }),
  ),
  status: described(
    v.optional(v.picklist(jobStatuses, `use one of ${jobStatuses.join(", ")}`)),
    "Only jobs in this state.",
    "processing",
  ),
  tenant: described(
    v.optional(v.pipe(v.string(), v.maxLength(255, "use at most 255 characters"))),
    "Only jobs of this tenant; empty: those of none. Without the scope `admin` it can only be your own.",
    "acme",
  ),
  preset: described(v.optional(text(255)), "Only jobs with this preset.", "720p_h264"),
  since: described(
    v.optional(time),
    "Only jobs made at this time or later: RFC 3339, or a day (UTC). Default: 31 days before the newest of the page.",
    "2026-01-31T12:00:00Z",
  ),
  until: described(
    v.optional(time),
    "Only jobs made before this time: RFC 3339, or a day (UTC). Default: now.",
    "2026-02-01",
  ),
  source: described(
    v.optional(text(200)),
    "Only jobs whose source's file name has this text in it, in capitals or not. Each page looks through at most 1,000 records: it may be empty, and `next_cursor` goes on.",
    "holiday",
  ),
  kept: described(
    v.optional(flag, "false"),
    "Only jobs whose encoded output a worker keeps, to be delivered by a retry.",
    "true",
  ),
  cursor: described(
    v.optional(v.pipe(v.string(), v.regex(ownIdPattern, "use next_cursor of the page before"))),
    "`next_cursor` of the page before.",
    "1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90",
  ),
});

/** The tenant whose jobs a client is shown; undefined: those of all. Throws `forbidden` for one that is not its own. */
export function tenantToList(client: Client, asked: string | undefined): string | undefined {
  if (hasScope(client, "admin")) return asked;
  const { name } = client.tenant;
  if (asked === undefined || asked === name) return name;
  throw new Fault("forbidden", "jobs of another tenant are listed for the scope admin only");
}
