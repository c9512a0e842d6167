import { openSandbox } from "#worker/sandbox/open.ts";

/** Runs a command in the sandbox until it is killed. */
const [argv = "[]", dir = ""] = process.argv.slice(2);
const { spawn } = await openSandbox({ sandbox: "bwrap", maxFileBytes: 2 ** 30, cores: 1 });
const [program, ...args]: string[] = JSON.parse(argv);
const running = spawn({ argv: [program ?? "", ...args], writes: [dir], signal: new AbortController().signal });
process.stdout.write(`${JSON.stringify({ msg: "running", pid: running.pid })}\n`);
await running.ended;
