import type { Command } from "commander";
import { type Candidate, candidatesFor, type GlobalOptions } from "#cli/completion/candidates.ts";
import { type Shell, scripts } from "#cli/completion/scripts.ts";
import { type Context, print, usualServer } from "#cli/context.ts";
import { connect } from "#client/client.ts";
import { sourceUrl } from "#dashboard/format.ts";
import { loadPresets } from "#worker/presets/load.ts";

// Nobody waits longer for a key press to be answered.
const answerMs = 1_000;

export function printCompletion(context: Context, shell: Shell) {
  print(context, { shell, script: scripts[shell] }, scripts[shell].trimEnd());
}

/** Prints what the last word may become, for the scripts of the shells. */
export async function complete({ env }: Context, program: Command, words: readonly string[]) {
  const { candidates, paths } = await candidatesFor(program, words, {
    preset: (options) => presetsOf(clientOf(program, options), env["PRESETS_DIR"]).catch(() => []),
    job: (options) => jobsOf(clientOf(program, options)).catch(() => []),
  });
  const lines = candidates.map(({ value, about }) => `${value}\t${about}`);
  for (const line of [...lines, ...(paths ? [`:${paths}`] : [])]) console.log(line);
}

function clientOf(program: Command, typed: GlobalOptions) {
  const { server, apiKey } = { ...program.opts<GlobalOptions>(), ...typed };
  const fetchInTime = (url: string, init: RequestInit) =>
    fetch(url, { ...init, signal: AbortSignal.timeout(answerMs) });
  return { isHere: server === undefined, api: connect({ server: server ?? usualServer, apiKey, fetch: fetchInTime }) };
}

type Asked = ReturnType<typeof clientOf>;

async function presetsOf({ isHere, api }: Asked, dir: string | undefined): Promise<Candidate[]> {
  const presets = isHere ? [...(await loadPresets(dir)).values()] : await api.presets();
  return presets.map(({ name, description }) => ({ value: name, about: description }));
}

async function jobsOf({ api }: Asked): Promise<Candidate[]> {
  const { jobs } = await api.jobs({ limit: 50 });
  return jobs.map(({ job_id, status, order }) => ({
    value: job_id,
    about: [status, order && sourceUrl(order)].join(" "),
  }));
}
