import { answered } from "./answer.ts";
import type { components, operations } from "./api.d.ts";
import { ApiFault } from "./fault.ts";
import { isFinal, type WatchOptions, watch } from "./watch.ts";

export { ApiFault, isFinal, type WatchOptions };

type Schemas = components["schemas"];
export type Order = Schemas["Order"];
export type RetryOrder = Schemas["RetryOrder"];
export type Accepted = Schemas["Accepted"];
export type JobEvent = Schemas["Event"];
export type Job = Schemas["Job"];
export type JobPage = Schemas["JobPage"];
export type JobStatus = JobEvent["status"];
export type Preset = Schemas["Preset"];
export type Plan = Schemas["Plan"];
export type Removal = Schemas["Removal"];
export type Queue = Schemas["Queue"];
export type Priority = Schemas["JobChange"]["priority"];
export type Worker = Schemas["Worker"];

export type ClientOptions = {
  /** The address of the control plane, such as `http://127.0.0.1:8080`; empty: the origin of the page. */
  server: string;
  /** An API key or a JWT access token; absent: none is sent. */
  apiKey?: string | undefined;
  /** Replaces the `fetch` of the platform. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
};

type Call = { method?: string; headers?: Record<string, string>; body?: string; signal?: AbortSignal | undefined };

/**
 * With an `idempotencyKey` an order may be sent repeatedly and makes one job. Keys are valid for 24 hours after the job
 * ends.
 */
export type SubmitOptions = { idempotencyKey?: string | undefined; signal?: AbortSignal | undefined };

type ListQuery = NonNullable<operations["listJobs"]["parameters"]["query"]>;

/** Which jobs to list. */
export type JobFilters = Omit<ListQuery, "kept" | "limit"> & {
  /** Only jobs whose encoded output a worker keeps. */
  kept?: boolean;
  /** At most so many, 1 to 100. Default: 20. */
  limit?: number;
};

export type Client = ReturnType<typeof connect>;

/** A client of the REST API of a control plane, which needs `fetch` alone. Refusals are thrown as ApiFault. */
export function connect({ server, apiKey, fetch = globalThis.fetch }: ClientOptions) {
  const base = `${server.replace(/\/+$/, "")}/api/v1`;
  const authorization: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};

  const ask = async (path: string, { headers, signal, ...call }: Call = {}) => {
    const init = { ...call, headers: { ...authorization, ...headers }, ...(signal && { signal }) };
    return answered(() => fetch(base + path, init), server || "the service", signal);
  };
  const askJson = async <T>(path: string, call?: Call): Promise<T> => JSON.parse(await (await ask(path, call)).text());
  const send = <T>(method: string, path: string, body: unknown, { idempotencyKey, signal }: SubmitOptions = {}) =>
    askJson<T>(path, {
      signal,
      method,
      headers: {
        "content-type": "application/json",
        ...(idempotencyKey && { "idempotency-key": quoted(idempotencyKey) }),
      },
      body: JSON.stringify(body),
    });

  return {
    submit: (order: Order, options?: SubmitOptions) => send<Accepted>("POST", "/jobs", order, options),
    retry: (jobId: string, changes: RetryOrder = {}, options?: SubmitOptions) =>
      send<Accepted>("POST", `${pathOf(jobId)}/retry`, changes, options),
    job: (jobId: string, signal?: AbortSignal) => askJson<Job>(pathOf(jobId), { signal }),
    /** A page of jobs, newest first. */
    jobs: (query: JobFilters = {}, signal?: AbortSignal) => askJson<JobPage>(`/jobs${searchOf(query)}`, { signal }),
    cancel: (jobId: string) => askJson<Accepted>(pathOf(jobId), { method: "DELETE" }),
    /** The certificate of a completed job, as it was signed; throws `not_found` when it has none. */
    certificate: async (jobId: string) => (await ask(`${pathOf(jobId)}/certificate`)).text(),
    /** What ffmpeg said in a failed job, at most the last 1 MiB; throws `not_found` when there is none. */
    log: async (jobId: string) => (await ask(`${pathOf(jobId)}/log`)).text(),
    /** Removes a job that has ended, with what it has published and its record. */
    remove: (jobId: string) => askJson<Removal>(`${pathOf(jobId)}?output=true`, { method: "DELETE" }),
    /** Changes the priority of a job that waits for a worker. */
    setPriority: (jobId: string, priority: Priority) => send<Job>("PATCH", pathOf(jobId), { priority }),
    /** How much waits for a worker. */
    queue: (signal?: AbortSignal) => askJson<Queue>("/queue", { signal }),
    /** What the API key may do. */
    scopes: async (signal?: AbortSignal): Promise<string[]> => {
      const { headers } = await ask("/jobs?limit=1", { signal });
      return (headers.get("x-oauth-scopes") ?? "").split(/[ ,]+/).filter(Boolean);
    },
    /** What presets, or one of them, would make of a source; takes as long as a worker takes to fetch and examine it. */
    plan: (order: Schemas["PlanOrder"], signal?: AbortSignal) => send<Plan>("POST", "/plan", order, { signal }),
    presets: async () => (await askJson<Schemas["PresetPage"]>("/presets")).presets,
    /** The status of all workers. `wake: false` does not start the machines of sleeping ones. */
    workers: async ({ wake = true } = {}, signal?: AbortSignal) =>
      (await askJson<Schemas["WorkerPage"]>(`/workers/status?wake=${wake}`, { signal })).workers,

    /**
     * Yields the events of a job to the final one. When the stream breaks it reconnects and goes on after the last
     * event.
     */
    watch: (jobId: string, options: WatchOptions = {}) =>
      watch(
        (after, signal) => ask(`${pathOf(jobId)}/stream`, { headers: { "last-event-id": String(after) }, signal }),
        options,
      ),
  };
}

// A quoted string as RFC 8941 writes it.
const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;

const pathOf = (jobId: string) => `/jobs/${encodeURIComponent(jobId)}`;

function searchOf(query: Record<string, string | number | boolean | undefined>) {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] satisfies [string, string]],
  );
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}
