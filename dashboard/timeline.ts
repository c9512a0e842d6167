import type { JobEvent } from "#client/client.ts";

const names = ["queued", "fetch", "aim", "encode", "join", "measure", "upload", "publish"] as const;

export type Step = {
  /** What the job did. */
  name: (typeof names)[number];
  /** In Unix milliseconds. */
  from: number;
  /** In Unix milliseconds; now, for the step that goes on. */
  to: number;
};

/** The steps of the latest attempt with their times in Unix milliseconds; the last step may still be going on. */
export function stepsOf(events: readonly JobEvent[], begun: number | undefined, now: number): Step[] {
  const attempt = events.at(-1)?.attempt ?? 1;
  const latest = events.filter((event) => event.attempt === attempt);
  const first = latest[0];
  const last = latest.at(-1);
  if (!first || !last) return [];

  const starts = new Map<Step["name"], number>();
  starts.set("queued", attempt === 1 ? Math.min(begun ?? timeOf(first), timeOf(first)) : timeOf(first));
  for (const event of latest) {
    const name = stepOf(event);
    if (name && !starts.has(name)) starts.set(name, timeOf(event));
  }
  publishStart(latest, starts);

  const hasEnded = stepOf(last) === undefined;
  const begunSteps = names.filter((name) => starts.has(name));
  return begunSteps.map((name, index) => {
    const next = begunSteps[index + 1];
    const end = hasEnded ? timeOf(last) : now;
    return { name, from: starts.get(name) ?? end, to: (next && starts.get(next)) ?? end };
  });
}

function stepOf({ status, progress, fps, message = "" }: JobEvent): Step["name"] | undefined {
  if (status === "queued") return "queued";
  if (status === "uploading") return "upload";
  if (status !== "processing") return undefined;
  const said = beginnings.find(([words]) => message.startsWith(words));
  if (said) return said[1];
  return progress === undefined && fps === undefined ? "fetch" : "encode";
}

/** How the messages of a job that is processed begin, and what it does then. */
const beginnings: readonly (readonly [words: string, name: Step["name"]])[] = [
  ["Waiting to run again", "queued"],
  ["Taking a sample", "aim"],
  ["Choosing the renditions", "aim"],
  ["Finding the CRF", "aim"],
  ["Encoding", "encode"],
  ["Joining the pieces", "join"],
  ["Measuring quality", "measure"],
  ["Delivering what was encoded", "upload"],
];

// Publishing begins when the last byte is uploaded.
function publishStart(events: readonly JobEvent[], starts: Map<Step["name"], number>) {
  const lastUpload = events.findLast(({ status }) => status === "uploading");
  if (events.at(-1)?.status === "completed" && lastUpload) starts.set("publish", timeOf(lastUpload));
}

const timeOf = ({ timestamp }: JobEvent) => Date.parse(timestamp);
