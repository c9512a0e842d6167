import { type Config, readConfig } from "#controlplane/config.ts";
import type { ServiceDeps } from "#controlplane/service.ts";
import { start } from "#controlplane/start.ts";
import type { EventJson } from "#shared/job/event.ts";
import { makeLog } from "#shared/log.ts";
import { slowness } from "#tests/support/slowness.ts";

type Options = {
  workers: readonly string[];
  settings?: Record<string, string>;
  /** What differs from the settings; `startupTimeoutMs` is that of an idle machine. */
  config?: Partial<Config>;
  deps?: Partial<ServiceDeps>;
};

export type TestControlPlane = Awaited<ReturnType<typeof startTestControlPlane>>;

/** A control plane in this process, on a free port, that may fetch from loopback. */
export async function startTestControlPlane({ workers, settings = {}, config = {}, deps = {} }: Options) {
  const env = { PORT: "0", WORKER_NODES: workers.join(","), ALLOWED_PRIVATE_CIDRS: "127.0.0.0/8", ...settings };
  const { url, stop } = await start(
    { ...readConfig(env), ...config, startupTimeoutMs: (config.startupTimeoutMs ?? 5_000) * slowness() },
    { log: makeLog("test", { level: "silent" }), ...deps },
  );
  const api = `${url}/api/v1`;
  return {
    url,
    api,
    stop,
    [Symbol.asyncDispose]: stop,
    get: (path: string, init: RequestInit = {}) => fetch(`${api}${path}`, init),
    post: (order: unknown, headers: Record<string, string> = {}, signal?: AbortSignal) =>
      fetch(`${api}/jobs`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: JSON.stringify(order),
        ...(signal && { signal }),
      }),
    /** Posts an order that must be accepted. */
    async submit(order: unknown = anOrder) {
      const answer = await this.post(order);
      const { job_id } = await jsonOf(answer);
      if (answer.status !== 202) throw new Error(`not accepted: ${answer.status}`);
      return job_id;
    },
    stream: (jobId: string, lastEventId?: number, signal?: AbortSignal) =>
      fetch(`${api}/jobs/${jobId}/stream`, {
        headers: lastEventId === undefined ? {} : { "Last-Event-ID": String(lastEventId) },
        ...(signal && { signal }),
      }),
  };
}

export const anOrder = { input_url: "http://127.0.0.1:9/source.mp4", preset: "tiny" };

// biome-ignore lint/suspicious/noExplicitAny: a test looks at what a client would get, whatever that is.
export const jsonOf = (response: Response): Promise<any> => response.json();

/** The events of an SSE response as they come, without comments. */
export async function* sseEvents(response: Response): AsyncGenerator<EventJson, void> {
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (text + chunk).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block.split("\n").find((line) => line.startsWith("data: "));
      if (data) yield JSON.parse(data.slice("data: ".length));
    }
  }
}
