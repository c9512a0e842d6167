import { join } from "node:path";
import { openSandbox } from "#worker/sandbox/open-sandbox.ts";

/**
 * Encodes into a folder, with the given SANDBOX, until it is killed; with a third argument it kills itself so many
 * milliseconds after it has started ffmpeg.
 */
const [sandbox, dir = "", waitMs] = process.argv.slice(2);
const { spawn } = await openSandbox({
  sandbox: sandbox === "bwrap" ? "bwrap" : "none",
  maxFileBytes: 2 ** 30,
  cores: 1,
});
const input = ["-re", "-f", "lavfi", "-i", "testsrc2=size=128x72"];
const argv = ["ffmpeg", "-v", "error", "-nostdin", ...input, join(dir, "o.mp4")] as const;
const say = (pid: number) => process.stdout.write(`${JSON.stringify({ msg: "running", pid })}\n`);
if (waitMs !== undefined) {
  say(process.pid);
  await new Promise((resolve) => setImmediate(resolve));
}
const running = spawn({ argv, writes: [dir], signal: new AbortController().signal });
if (waitMs !== undefined) {
  const until = performance.now() + Number(waitMs);
  while (performance.now() < until);
  process.kill(process.pid, "SIGKILL");
}
say(running.pid);
await running.ended;
