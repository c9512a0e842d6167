import type { JobEvent } from "#client/client.ts";

type Problem = NonNullable<JobEvent["error"]>;

/** What each kind of fault means and what may help, for people who did not write the service. */
const reasons: Record<Problem["kind"], string> = {
  invalid: "The order could not be used as it was.",
  unauthenticated: "The worker did not accept the control plane. Compare WORKER_TOKEN on both sides.",
  forbidden: "This was not allowed.",
  not_found: "Something the job needs is not there.",
  conflict: "Another output is already at this destination. Choose another path, or allow overwriting.",
  too_large: "The source is larger than this service accepts.",
  rate_limited: "Too many requests at once. Try again in a while.",
  busy: "No worker had room. Try again in a while.",
  unreachable: "No worker could be reached. Is its machine running?",
  timeout: "The job took longer than it was allowed to. A faster preset or a longer JOB_TIMEOUT helps.",
  source_failed: "The source was read, but it is not one that this order can be made of.",
  encode_failed: "The encoder could not finish. The source may be damaged; what it said last is below.",
  delivery_failed: "The output was encoded, but the storage did not take it. Running it again only delivers.",
  worker_lost: "The machine that ran this job is gone and left nothing behind. Run it again.",
  cancelled: "Someone cancelled this job. Nothing of it was kept.",
  internal: "Something unexpected happened. The service's log has the cause.",
};

/** What fits some faults better than what their kind says, by the words of their messages. */
const closer: readonly { kind: Problem["kind"]; words: RegExp; advice: string }[] = [
  {
    kind: "source_failed",
    words:
      /^the source (answered|redirects|closed|cut|has a host|sends|is sent|is empty|ended|cannot be continued|cannot be reached|announces|is compressed|took|takes .* to (connect|answer))/,
    advice: "The source could not be fetched. Check that its URL opens from the worker's network, without a sign-in.",
  },
  {
    kind: "source_failed",
    words: /cannot be read|not a regular file|may not be read/,
    advice: "The worker could not open the source. Check its path and mode on the worker's machine.",
  },
  {
    kind: "source_failed",
    words: /has no (video|audio|picture)/,
    advice: "The source was fetched, but lacks what the preset needs. Choose a preset that makes do with what it has.",
  },
  {
    kind: "source_failed",
    words: /encrypted|damaged|cut off|cannot be decoded|not a media file|put together byte by byte/,
    advice: "The source was fetched, but it cannot be decoded. Export or upload it anew, then run this again.",
  },
  {
    kind: "encode_failed",
    words: /^the preset needs the|lacks/,
    advice: "This worker's ffmpeg is built without what the preset needs. Choose another preset, or another ffmpeg.",
  },
  {
    kind: "encode_failed",
    words: /memory ran out|ran out of memory/,
    advice: "The machine ran out of memory. Run fewer jobs at a time there, or give it more.",
  },
  {
    kind: "internal",
    words: /no room/,
    advice: "The worker's disk is full. Free some of it, then run this again.",
  },
];

export const adviceOn = ({ kind, message }: Problem): string =>
  closer.find((one) => one.kind === kind && one.words.test(message))?.advice ?? reasons[kind];
