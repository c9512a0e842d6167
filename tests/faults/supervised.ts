import type { Process } from "#tests/support/processes.ts";

const pauseMs = 200;

/** A process that is started again whenever it ends, as a platform does it. */
export async function supervised(name: string, launch: () => Promise<Process>) {
  const lives: string[][] = [];
  const deaths: number[] = [];
  /** Ends that nobody had asked for. */
  const crashes: string[] = [];
  let current: Process | undefined = await launch();
  let isExpected = false;
  let isStopping = false;

  const again = async (): Promise<Process | undefined> => {
    while (!isStopping) {
      const started = await launch().catch((error) => void crashes.push(`${name} did not start: ${error}`));
      if (started) return started;
      await Bun.sleep(pauseMs);
    }
    return undefined;
  };
  const live = async () => {
    while (current) {
      lives.push(current.said);
      const code = await current.exited;
      if (!isExpected) crashes.push(`${name} ended by itself with ${code}: ${current.said.slice(-5).join("\n")}`);
      deaths.push(Date.now());
      current = undefined;
      if (isStopping) return;
      isExpected = false;
      current = await again();
      // It was asked to stop while it started.
      if (isStopping) current?.kill("SIGTERM");
    }
  };
  const over = live();

  return {
    name,
    crashes,
    deaths,
    /** False when it is just not there. */
    signal(signal: NodeJS.Signals): boolean {
      if (!current) return false;
      if (signal === "SIGKILL" || signal === "SIGTERM") isExpected = true;
      current.kill(signal);
      return true;
    },
    linesOf: (word: string) => lives.flat().filter((line) => line.includes(word)),
    async stop() {
      isStopping = true;
      isExpected = true;
      current?.kill("SIGCONT");
      current?.kill("SIGTERM");
      await over;
    },
    async [Symbol.asyncDispose]() {
      isStopping = true;
      isExpected = true;
      current?.kill("SIGKILL");
      await over;
    },
  };
}
