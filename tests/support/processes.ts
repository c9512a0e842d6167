import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { lines } from "#worker/ffmpeg/lines.ts";
import { markerFile, ownFolder } from "#worker/work-dir/open-work-dir.ts";

const root = join(import.meta.dir, "../..");

/** A part of the service as a process of its own. */
export type Process = AsyncDisposable & {
  pid: number;
  /** What it logs once it is ready. */
  ready: Record<string, unknown>;
  /** Everything it has said so far, for a failing test to show. */
  said: string[];
  exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
};

/** Runs a `main.ts` with these settings alone, and waits until it logs that it is ready. */
export const startProcess = (main: string, env: Record<string, string>, ready: string) =>
  startCommand([process.execPath, "--no-orphans", join(root, main)], env, ready);

/** Runs any program that logs in lines of JSON, and waits until it logs that it is ready. */
export async function startCommand(argv: string[], env: Record<string, string>, ready: string): Promise<Process> {
  const child = Bun.spawn(argv, {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  const isReady = Promise.withResolvers<Record<string, unknown>>();
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const line of lines(stream)) {
      said.push(line);
      if (line.includes(`"msg":"${ready}"`)) isReady.resolve(JSON.parse(line));
    }
  };
  void Promise.all([read(child.stdout), read(child.stderr)]).then(() =>
    isReady.reject(new Error(`${argv.join(" ")} ended before it was ready:\n${said.join("\n")}`)),
  );
  return {
    pid: child.pid,
    ready: await isReady.promise,
    said,
    exited: child.exited,
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/** A worker's own folder, where each of its jobs has one. */
export const jobsFolder = (home: string, port: number) => join(home, `work-${port}`, ownFolder);

/** The jobs, and the outputs that are kept, in a worker's own folder. */
export const leftIn = async (folder: string) =>
  (await readdir(folder).catch(() => [])).filter((name) => name !== markerFile);

export const loopback = "127.0.0.0/8,::1/128";

const given = (name: string): Record<string, string> => {
  const value = process.env[name];
  return value === undefined ? {} : { [name]: value };
};
/** Settings of a run of tests that encodes all it can in pieces (scripts/test-split), and by several workers. */
export const inPieces = { worker: given("SPLIT_SECONDS"), controlplane: given("SPLIT_WORKERS") };

/** A worker that keeps all it has below `home`; `MAIN` is another entry than the usual one. */
export const startWorker = ({
  port,
  home,
  MAIN = "worker/main.ts",
  ...env
}: { port: number; home: string; MAIN?: string } & Record<string, unknown>) =>
  startProcess(
    MAIN,
    {
      GRPC_PORT: String(port),
      WORK_DIR: join(home, `work-${port}`),
      LOCAL_ROOT: join(home, "out"),
      PRESETS_DIR: join(root, "tests/support/presets"),
      ALLOWED_PRIVATE_CIDRS: loopback,
      AUTO_STOP: "false",
      ...inPieces.worker,
      ...(env as Record<string, string>),
    },
    "worker is ready",
  );

/** A control plane; what it answers is at `url`. */
export async function startControlplane(workers: readonly number[], env: Record<string, string> = {}) {
  const settings = {
    PORT: "0",
    WORKER_NODES: workers.map((port) => `127.0.0.1:${port}`).join(","),
    ALLOWED_PRIVATE_CIDRS: loopback,
    ...inPieces.controlplane,
    ...env,
  };
  const started = await startProcess("controlplane/main.ts", settings, "listening");
  return Object.assign(started, { url: new URL(String(started.ready["url"])).origin });
}

/** A port that nobody listens on. */
export const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === "object" ? address.port : 0));
    });
  });

/** The processes whose parent is this one. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await Bun.file(`/proc/${pid}/task/${pid}/children`).text();
  return text.split(" ").filter(Boolean).map(Number);
}

/** Whether a process is there and is no zombie. */
export const isAlive = async (pid: number) =>
  Bun.file(`/proc/${pid}/stat`)
    .text()
    .then((stat) => !/\) Z /.test(stat))
    .catch(() => false);
