import { join } from "node:path";
import { lockFolder } from "#worker/work-dir/lock.ts";

/** Holds the lock of a folder, and has a child that outlives it, until it is killed. */
const [folder = ""] = process.argv.slice(2);
await lockFolder(folder, join(folder, "lock"));
const { pid } = Bun.spawn(["sleep", "600"], { stdio: ["ignore", "ignore", "ignore"] });
process.stdout.write(`${JSON.stringify({ msg: "held", child: pid })}\n`);
setInterval(() => {}, 60_000);
