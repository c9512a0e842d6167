import { type Client, connect } from "#client/client.ts";
import type { Env } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { plainJson, plainLines } from "./cells.ts";
import { type Finding, lineOf } from "./finding.ts";
import { startLocalService } from "./local-service.ts";

/** What every command is given. */
export type Context = {
  /** The environment of the process. */
  env: Env;
  /** Whether a program reads the answers (`--json`). */
  isJson: boolean;
  /** Aborts when nobody reads stdout any more. */
  readerLeft: AbortSignal;
  /** Ends the command with exit code 1, although it did all that it should. */
  fail(): void;
};

export type Remote = {
  /** The URL of a control plane; absent: one in this process for what needs no other, else one on this machine. */
  server?: string;
  /** What is sent as `Authorization: Bearer`; absent: nothing. */
  apiKey?: string;
};

/** On stdout: a value for programs with --json, else words for people. */
export function print({ isJson }: Context, value: unknown, words: string) {
  console.log(isJson ? plainJson(value) : plainLines(words));
}

/** Prints findings as they come; true when none is a fault. */
export async function printFindings(context: Context, findings: AsyncIterable<Finding>): Promise<boolean> {
  let isWell = true;
  for await (const finding of findings) {
    print(context, finding, lineOf(finding));
    if (finding.state === "fault") isWell = false;
  }
  return isWell;
}

export const usualServer = "http://127.0.0.1:8080";

export function connectTo({ server = usualServer, apiKey }: Remote): Client {
  if (!/^https?:$/.test(URL.parse(server)?.protocol ?? ""))
    throw new Fault("invalid", `--server (FLUX_SERVER): ${server} is no URL such as ${usualServer}`);
  return connect({ server, apiKey });
}

/** The service of --server, or one in this process that ends when it is disposed of. */
export async function openService(env: Env, remote: Remote, outputDir = "./out") {
  if (remote.server !== undefined) return { client: connectTo(remote), async [Symbol.asyncDispose]() {} };
  const service = await startLocalService(env, outputDir);
  const client: Client = connect({ server: service.url });
  return { client, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}
