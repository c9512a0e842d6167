import { existsSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onInterrupt } from "#cli/interrupt.ts";
import type { Client } from "#client/client.ts";
import { Fault } from "#shared/fault.ts";
import type { EventJson } from "#shared/job/event.ts";
import { follow } from "./follow.ts";

/** Orders one encode and shows it to its end; Ctrl-C cancels the job. */
export async function encode(api: Client, input: string, preset: string, path?: string): Promise<EventJson> {
  const offered = await api.presets();
  const chosen = offered.find(({ name }) => name === preset);
  if (!chosen) {
    throw new Fault(
      "not_found",
      `there is no preset ${preset}; there is ${offered.map(({ name }) => name).join(", ")}`,
    );
  }
  const name = `${basename(pathOf(input), extname(pathOf(input)))}_${preset}`;
  const fallback = chosen.extension ? `${name}.${chosen.extension}` : `${name}/`;
  const { job_id } = await api.submit({ input_url: input, preset, output: { path: path ?? fallback } });

  using interrupt = onInterrupt(() => api.cancel(job_id));
  return await follow(api, job_id, interrupt.giveUp);
}

/** An input as a URL: a file that is here, or what is a URL already. */
export function inputUrl(input: string): string {
  if (existsSync(input)) return pathToFileURL(resolve(input)).href;
  if (URL.canParse(input)) return input;
  throw new Fault("source_failed", `there is no file ${input}, and it is not a URL`);
}

const pathOf = (url: string) =>
  url.startsWith("file:") ? fileURLToPath(url) : decodeURIComponent(new URL(url).pathname);
