const text = (description: string, example: string) => ({
  description,
  schema: { type: "string", examples: [example] },
});

/** The headers of answers. */
export const headers = {
  Location: { description: "The address of the job or upload.", schema: { type: "string" } },
  "Idempotency-Replayed": { description: "`true` when an earlier order made the job.", schema: { type: "string" } },
  "Preference-Applied": { description: "The wait that was granted.", schema: { type: "string" } },
  "RateLimit-Policy": text(
    "How many requests (q) in how many seconds (w); absent without a limit.",
    '"default";q=600;w=60',
  ),
  RateLimit: text("How many are left (r), and the seconds until all are again (t).", '"default";r=599;t=1'),
  "X-OAuth-Scopes": text("What the key or token may do.", "jobs:write, jobs:read"),
  "Retry-After": { description: "Seconds to wait.", schema: { type: "integer", examples: [5] } },
  "WWW-Authenticate": text("What is missing or wrong (RFC 6750).", 'Bearer error="invalid_token"'),
} as const;

type Name = keyof typeof headers;

const refTo = (name: Name) => ({ $ref: `#/components/headers/${name}` });

export const withHeaders = (...names: readonly Name[]) => Object.fromEntries(names.map((name) => [name, refTo(name)]));

type Answer = { description: string; headers?: Record<string, object>; content?: object };
type Answers = Readonly<Record<string, Answer>>;

/** Adds headers to all answers but 401, which comes before anything is known of the client. */
const carrying = (names: readonly Name[], answers: Answers) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, answer]) =>
      status === "401"
        ? [status, answer]
        : [status, { ...answer, headers: { ...answer.headers, ...withHeaders(...names) } }],
    ),
  );

/** Adds the headers that tell an authenticated client its rate limit and its scopes. */
export const limited = (answers: Answers) => carrying(["RateLimit-Policy", "RateLimit", "X-OAuth-Scopes"], answers);

/** Adds the headers of a job that was made. Failures have them too, while a client waits for the end of its job. */
export const ofJob = (answers: Answers) =>
  carrying(["Location", "Idempotency-Replayed", "Preference-Applied"], limited(answers));
