/** A worker that kills itself at a step of its job: `DIES=before encode`, or `after upload 2` for the second time. It says each that it passes. */
import { makeLog } from "#shared/log.ts";
import { readConfig } from "#worker/config.ts";
import type { Step } from "#worker/job/steps.ts";
import { start } from "#worker/start.ts";

const { DIES } = process.env;
const times = new Map<string, number>();

const passed = (point: string) => {
  const time = (times.get(point) ?? 0) + 1;
  times.set(point, time);
  process.stdout.write(`${point}\n`);
  if (DIES === `${point} ${time}` || (time === 1 && DIES === point)) process.kill(process.pid, "SIGKILL");
};

const step: Step = async (name, work) => {
  passed(`before ${name}`);
  const done = await work();
  passed(`after ${name}`);
  return done;
};

await start(readConfig(process.env), { log: makeLog("worker", { level: "info" }), step });
