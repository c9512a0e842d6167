import { join } from "node:path";
import { freePort, loopback, startCommand } from "#tests/support/processes.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const root = join(import.meta.dir, "..");

let built: Promise<unknown> | undefined;

/** A part as it is shipped: compiled from the present source, once a run. */
export async function binary(part: "worker" | "controlplane"): Promise<string> {
  built ??= build();
  await built;
  return join(root, "dist", part);
}

async function build() {
  const { exited } = Bun.spawn([process.execPath, "scripts/build.ts", "worker", "controlplane"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if ((await exited) !== 0) throw new Error("the build failed");
}

/** Settings of a worker that keeps all it has below `home`. */
export const workerSettings = (home: string, port: number) => ({
  GRPC_PORT: String(port),
  WORK_DIR: join(home, "work"),
  LOCAL_ROOT: join(home, "out"),
  ALLOWED_PRIVATE_CIDRS: loopback,
  AUTO_STOP: "false",
  // As in the image.
  BUN_JSC_useDFGJIT: "0",
});

export const startControlplane = async (workers: readonly string[], more: Readonly<Record<string, string>> = {}) => {
  const settings = { PORT: "0", WORKER_NODES: workers.join(","), ALLOWED_PRIVATE_CIDRS: loopback, ...more };
  const started = await startCommand([await binary("controlplane")], settings, "listening");
  return Object.assign(started, { url: new URL(String(started.ready["url"])).origin });
};

/** A control plane and a worker, compiled, on this machine. */
export async function startService(settings: Readonly<Record<string, string>> = {}) {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder()).path;
  const port = await freePort();
  const worker = stack.use(
    await startCommand([await binary("worker")], { ...workerSettings(home, port), ...settings }, "worker is ready"),
  );
  const controlplane = stack.use(await startControlplane([`127.0.0.1:${port}`]));
  const owned = stack.move();
  return { home, port, worker, controlplane, url: controlplane.url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Serves a file from a process of its own, so that nobody waits for the one that measures. */
export const serveFile = (path: string) => serve(join(import.meta.dir, "file-server.ts"), path);

/** The same, with ranges and the version of the file. */
export const serveRanges = (path: string) => serve(join(import.meta.dir, "range-server.ts"), path);

async function serve(program: string, path: string) {
  const server = await startCommand([process.execPath, program, path], {}, "serving");
  return Object.assign(server, { url: String(server.ready["url"]) });
}
