import { fault, ok, type Verdict } from "#cli/finding.ts";
import type { Config as ControlplaneConfig } from "#controlplane/config.ts";
import { codeOf } from "#shared/errors.ts";
import type { Config as WorkerConfig } from "#worker/config.ts";
import { checkHealth } from "#worker/healthcheck.ts";

/** `isOurs` says, or fails, where something else than a running flux-encoder answers. */
type Place = { setting: string; host: string; port: number; isOurs(): Promise<boolean> };

const answerMs = 2_000;

export const checkGrpcPort = (config: WorkerConfig): Promise<Verdict> =>
  checkPort({
    setting: "GRPC_PORT",
    host: config.host,
    port: config.port,
    isOurs: () => checkHealth(config).then(() => true),
  });

export const checkHttpPort = ({ host, port }: ControlplaneConfig): Promise<Verdict> =>
  checkPort({ setting: "PORT", host, port, isOurs: () => isControlplane(port) });

async function checkPort({ setting, host, port, isOurs }: Place): Promise<Verdict> {
  if (port === 0) return ok("any free one is taken");
  const code = await listenErrorCode(host, port);
  if (code === undefined) return ok(`${host}:${port} is free`);
  if (code === "EADDRINUSE") {
    if (await isOurs().catch(() => false)) return ok(`${host}:${port} is answered by a running flux-encoder`);
    return fault(`${host}:${port} is taken by another program`, `stop that, or set ${setting}`);
  }
  if (code === "EACCES") return fault(`port ${port} may not be used by this user`, `set ${setting} above 1023`);
  return fault(`cannot listen on ${host}:${port} (${code})`, `check ${setting} and the host beside it`);
}

async function listenErrorCode(hostname: string, port: number): Promise<string | undefined> {
  try {
    Bun.listen({ hostname, port, socket: { data() {} } }).stop(true);
    return undefined;
  } catch (error) {
    return codeOf(error) || String(error);
  }
}

async function isControlplane(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/openapi.json`, { signal: AbortSignal.timeout(answerMs) });
  const { info } = Object(await answer.json());
  return String(info?.title).startsWith("flux-encoder");
}
