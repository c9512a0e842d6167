import { join } from "node:path";
import { freePort } from "#tests/support/processes.ts";

/** Compiles the least that a program can be: what is left of a figure beside it is ours. */
export async function compiledFloor(folder: string, floor: "main" | "http" = "main"): Promise<string> {
  const outfile = join(folder, floor);
  await Bun.build({
    entrypoints: [join(import.meta.dir, `floor/${floor}.ts`)],
    compile: { outfile, autoloadDotenv: false, autoloadBunfig: false },
    minify: true,
    bytecode: true,
    format: "esm",
  });
  return outfile;
}

/** Starts a program that listens on a port that it is told. */
export async function startListener(argv: (port: number) => string[], env: (port: number) => Record<string, string>) {
  const port = await freePort();
  const began = performance.now();
  const child = Bun.spawn(argv(port), { env: env(port), stdio: ["ignore", "ignore", "inherit"] });
  return {
    ...{ port, began, pid: child.pid },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/** Resolves when a port takes connections; looks every millisecond. */
export async function listening(port: number): Promise<void> {
  const over = performance.now() + 10_000;
  while (!(await takesConnections(port))) {
    if (performance.now() > over) throw new Error("nobody listens");
    await Bun.sleep(1);
  }
}

const takesConnections = (port: number) =>
  Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } }).then(
    (socket) => {
      socket.end();
      return true;
    },
    () => false,
  );
