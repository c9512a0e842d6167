import type { Argv } from "#worker/ffmpeg/argv.ts";

type Options = {
  maxFileBytes: number;
  which?: (program: string) => string | null;
};

/** A lower priority than that of the worker itself, which must go on answering. */
export const niceness = 5;

/** Limits commands with nice and prlimit (util-linux), as far as the machine has them. */
export function limiter({ maxFileBytes, which = Bun.which }: Options) {
  const nice = which("nice");
  const prlimit = which("prlimit");
  const before = nice ? [nice, "-n", String(niceness)] : [];
  const limits = ["--core=0", "--nofile=1024", `--fsize=${maxFileBytes}`];

  return (argv: Argv, cpuSeconds: number | undefined): Argv => {
    const [first, ...more] = [...before, ...(prlimit ? [prlimit, ...limits, ...cpuLimit(cpuSeconds)] : [])];
    if (first === undefined) return argv;
    // These look a program up on a PATH that they are not given: it is to be the one that the worker has found.
    const [program, ...args] = argv;
    return [first, ...more, which(program) ?? program, ...args];
  };
}

/** The CPU time that all cores together have within this time: a command that meets its deadline needs no more. */
export const cpuSecondsWithin = (ms: number, cores: number) => Math.ceil((ms / 1_000) * cores) + 1;

// The soft limit sends SIGXCPU, the hard one kills.
const cpuLimit = (seconds: number | undefined) => (seconds === undefined ? [] : [`--cpu=${seconds}:${seconds + 5}`]);
