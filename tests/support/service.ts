import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventSourceParserStream } from "eventsource-parser/stream";
import type { EventJson } from "#shared/job/event.ts";
import { isFinal } from "#shared/job/status.ts";
import { checkAnswer, checkEvent } from "./openapi.ts";
import { slowness } from "./slowness.ts";

/** A temporary folder that goes with the test. */
export async function temporaryFolder(parent = tmpdir()) {
  const path = await mkdtemp(join(parent, "flux-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Serves files to workers over HTTP; what it was asked for is in `asked`. */
export function serveFiles(files: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch({ url }) {
      const { pathname } = new URL(url);
      asked.push(pathname);
      const path = files[pathname.slice(1)];
      return path ? new Response(Bun.file(path)) : new Response("nothing here", { status: 404 });
    },
  });
  return {
    asked,
    url: (name: string) => `${server.url.origin}/${name}`,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

/** What a client says to a control plane. */
export function client(url: string) {
  const ask = async (path: string, init?: RequestInit): Promise<Answer> => {
    const answer = await fetch(`${url}/api/v1${path}`, init);
    const text = await answer.text();
    checkAnswer(init?.method ?? "GET", `/api/v1${path}`, answer, text);
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : {} };
  };
  /** The events of a stream, until it ends or breaks. */
  async function* stream(id: unknown, after = 0): AsyncGenerator<EventJson, void> {
    const path = `/api/v1/jobs/${id}/stream`;
    const answer = await fetch(url + path, { headers: { "last-event-id": String(after) } });
    checkAnswer("GET", path, answer);
    const messages = answer.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { data } of messages ?? []) {
      const event = JSON.parse(data);
      checkEvent(event);
      yield event;
    }
  }
  return {
    ask,
    stream,
    post: (order: unknown, headers: Record<string, string> = {}, signal?: AbortSignal) =>
      ask("/jobs", {
        ...(signal && { signal }),
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof order === "string" ? order : JSON.stringify(order),
      }),
    job: (id: unknown, signal?: AbortSignal) => ask(`/jobs/${id}`, { ...(signal && { signal }) }),
    cancel: (id: unknown, signal?: AbortSignal) => ask(`/jobs/${id}`, { ...(signal && { signal }), method: "DELETE" }),
    /** All events of a job to its final one. */
    events: (id: unknown, after = 0): Promise<EventJson[]> => Array.fromAsync(stream(id, after)),
    /** The first event that fits. */
    async until(id: unknown, fits: (event: EventJson) => boolean): Promise<EventJson> {
      for await (const event of stream(id)) {
        if (fits(event)) return event;
        if (isFinal(event.status)) throw new Error(`the job ended first: ${JSON.stringify(event)}`);
      }
      throw new Error("the stream ended first");
    },
  };
}

/** Every file below a folder, by its path in it. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** What ffprobe says of a media file. */
export async function ffprobe(file: string) {
  const args = ["-v", "error", "-print_format", "json", "-show_format", "-show_streams", file];
  const probe = Bun.spawn(["ffprobe", ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const { streams, format } = JSON.parse(await new Response(probe.stdout).text());
  const of = (type: string) => streams.find((stream: { codec_type: string }) => stream.codec_type === type);
  return { video: of("video"), audio: of("audio"), duration: Number(format.duration) };
}

/** Resolves when a condition holds that no event announces; looks often, and for longer where the machine is busy. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string, withinMs = 20_000) {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > withinMs * slowness()) throw new Error(`never: ${what}`);
    await Bun.sleep(20);
  }
}
