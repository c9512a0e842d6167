import { join } from "node:path";
import { openSandbox } from "#worker/sandbox/open.ts";

/** Encodes into a folder, with the given SANDBOX, until it is killed. */
const [sandbox, dir = ""] = process.argv.slice(2);
const { spawn } = await openSandbox({
  sandbox: sandbox === "bwrap" ? "bwrap" : "none",
  maxFileBytes: 2 ** 30,
  cores: 1,
});
const input = ["-re", "-f", "lavfi", "-i", "testsrc2=size=128x72"];
const argv = ["ffmpeg", "-v", "error", "-nostdin", ...input, join(dir, "o.mp4")] as const;
const running = spawn({ argv, writes: [dir], signal: new AbortController().signal });
process.stdout.write(`${JSON.stringify({ msg: "running", pid: running.pid })}\n`);
await running.ended;
