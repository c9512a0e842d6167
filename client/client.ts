import { answered } from "./answer.ts";
import type { components } from "./api.d.ts";
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
export type Worker = Schemas["Worker"];

export type ClientOptions = {
  /** Where the control plane is, such as `http://127.0.0.1:8080`; empty: where the page comes from. */
  server: string;
  apiKey?: string | undefined;
  /** Another `fetch` than the platform's. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
};

type Call = { method?: string; headers?: Record<string, string>; body?: string; signal?: AbortSignal | undefined };

/** With the same `idempotencyKey` the same order may be sent again and again: it makes one job. */
export type SubmitOptions = { idempotencyKey?: string | undefined; signal?: AbortSignal | undefined };

export type Client = ReturnType<typeof connect>;

/** A control plane's REST API by `fetch` alone. What it refuses is thrown as an ApiFault. */
export function connect({ server, apiKey, fetch = globalThis.fetch }: ClientOptions) {
  const base = `${server.replace(/\/+$/, "")}/api/v1`;
  const authorization: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};

  const ask = async (path: string, { headers, signal, ...call }: Call = {}) => {
    const init = { ...call, headers: { ...authorization, ...headers }, ...(signal && { signal }) };
    return answered(() => fetch(base + path, init), server || "the service", signal);
  };
  const askJson = async <T>(path: string, call?: Call): Promise<T> => JSON.parse(await (await ask(path, call)).text());
  const post = <T>(path: string, body: unknown, { idempotencyKey, signal }: SubmitOptions = {}) =>
    askJson<T>(path, {
      signal,
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(idempotencyKey && { "idempotency-key": quoted(idempotencyKey) }),
      },
      body: JSON.stringify(body),
    });

  return {
    submit: (order: Order, options?: SubmitOptions) => post<Accepted>("/jobs", order, options),
    retry: (jobId: string, changes: RetryOrder = {}, options?: SubmitOptions) =>
      post<Accepted>(`${pathOf(jobId)}/retry`, changes, options),
    job: (jobId: string, signal?: AbortSignal) => askJson<Job>(pathOf(jobId), { signal }),
    jobs: (query: { status?: JobStatus; limit?: number; cursor?: string; kept?: boolean } = {}, signal?: AbortSignal) =>
      askJson<JobPage>(`/jobs${searchOf(query)}`, { signal }),
    cancel: (jobId: string) => askJson<Accepted>(pathOf(jobId), { method: "DELETE" }),
    presets: async () => (await askJson<Schemas["PresetPage"]>("/presets")).presets,
    /** `wake: false` leaves sleeping workers asleep. */
    workers: async ({ wake = true } = {}, signal?: AbortSignal) =>
      (await askJson<Schemas["WorkerPage"]>(`/workers/status?wake=${wake}`, { signal })).workers,

    /** The job's events to the final one. A lost stream is taken up again where it broke. */
    watch: (jobId: string, options: WatchOptions = {}) =>
      watch(
        (after, signal) => ask(`${pathOf(jobId)}/stream`, { headers: { "last-event-id": String(after) }, signal }),
        options,
      ),
  };
}

// A string as RFC 8941 writes it.
const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;

const pathOf = (jobId: string) => `/jobs/${encodeURIComponent(jobId)}`;

function searchOf(query: Record<string, string | number | boolean | undefined>) {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] satisfies [string, string]],
  );
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}
