import { EventSourceParserStream } from "eventsource-parser/stream";
import * as v from "valibot";
import { Fault, isFaultKind } from "#shared/fault.ts";
import { EventJson } from "#shared/job/event.ts";
import { isFinal } from "#shared/job/status.ts";

const Accepted = v.object({ job_id: v.string(), stream_url: v.string() });
const Presets = v.object({
  presets: v.array(
    v.object({ name: v.string(), description: v.string(), output_type: v.string(), extension: v.optional(v.string()) }),
  ),
});
const Workers = v.object({
  workers: v.array(
    v.object({
      address: v.string(),
      reachable: v.boolean(),
      asleep: v.optional(v.boolean()),
      current_jobs: v.optional(v.number()),
      max_concurrent_jobs: v.optional(v.number()),
      draining: v.optional(v.boolean()),
      version: v.optional(v.string()),
    }),
  ),
});
const Problem = v.object({
  kind: v.optional(v.string(), "internal"),
  detail: v.optional(v.string()),
  title: v.optional(v.string()),
});

export type Order = {
  input_url: string;
  preset: string;
  output?: { storage?: string; path?: string; metadata?: Record<string, string>; overwrite?: boolean };
};

export type Api = ReturnType<typeof connectApi>;

/** How long a stream may stay lost before watching is given up. */
const patienceMs = 60_000;

/** A control plane's REST API. What it refuses is thrown as the Fault that its problem document names. */
export function connectApi({ server, apiKey }: { server: string; apiKey?: string | undefined }) {
  const base = `${server.replace(/\/+$/, "")}/api/v1`;

  const ask = async (path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}) => {
    const authorization = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
    const answer = await fetch(base + path, { ...init, headers: { ...authorization, ...headers } }).catch((cause) => {
      init.signal?.throwIfAborted();
      throw new Fault("unreachable", `no answer from ${server}`, { cause });
    });
    if (!answer.ok) throw await faultOf(answer);
    return answer;
  };
  const askJson = async <S extends v.GenericSchema>(schema: S, path: string, init = {}) =>
    v.parse(schema, await (await ask(path, init)).json());

  return {
    submit: (order: Order) =>
      askJson(Accepted, "/jobs", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(order),
      }),
    cancel: async (jobId: string) => {
      await ask(`/jobs/${encodeURIComponent(jobId)}`, { method: "DELETE" });
    },
    presets: async () => (await askJson(Presets, "/presets")).presets,
    workers: async (wake: boolean) => (await askJson(Workers, `/workers/status?wake=${wake}`)).workers,

    /** The job's events to the final one. A lost stream is taken up again where it broke. */
    async *watch(jobId: string, signal: AbortSignal): AsyncGenerator<EventJson, void> {
      const path = `/jobs/${encodeURIComponent(jobId)}/stream`;
      let seen = 0;
      let lostAt = Date.now();
      while (Date.now() - lostAt < patienceMs) {
        for await (const event of untilLost(() => ask(path, { headers: { "last-event-id": String(seen) }, signal }))) {
          yield event;
          if (isFinal(event.status)) return;
          seen = event.sequence;
          lostAt = Date.now();
        }
        signal.throwIfAborted();
        await Bun.sleep(500);
      }
      throw new Fault("unreachable", `${server} has stopped answering`);
    },
  };
}

async function* untilLost(open: () => Promise<Response>) {
  try {
    yield* eventsOf(await open());
  } catch (error) {
    if (error instanceof Fault && error.kind !== "unreachable") throw error;
  }
}

async function* eventsOf({ body }: Response) {
  const messages = body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { data } of messages ?? []) yield v.parse(EventJson, JSON.parse(data));
}

async function faultOf(answer: Response) {
  const problem = v.safeParse(Problem, await answer.json().catch(() => ({})));
  const { kind = "internal", detail, title } = problem.success ? problem.output : {};
  return new Fault(
    isFaultKind(kind) ? kind : "internal",
    detail ?? title ?? `the service answered ${answer.status} ${answer.statusText}`,
  );
}
