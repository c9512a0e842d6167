/** Runs the benchmarks named as arguments, or all; `--big` takes the large sizes, `--minutes` sets how long the soak is. */
import { parseArgs } from "node:util";
import { cancel } from "./cancel.ts";
import { clip } from "./clip.ts";
import { dashboard } from "./dashboard.ts";
import { facts } from "./facts.ts";
import { fanout } from "./fanout.ts";
import { farm } from "./farm.ts";
import { farmSimulation } from "./farm-simulation.ts";
import type { Benchmark, Figure } from "./figures.ts";
import { get } from "./get.ts";
import { idle } from "./idle.ts";
import { job } from "./job.ts";
import { firstSegment, ladder } from "./ladder.ts";
import { latency } from "./latency.ts";
import { lists } from "./lists.ts";
import { pieces } from "./pieces.ts";
import { piecesQuality } from "./pieces-quality.ts";
import { quality } from "./quality.ts";
import { queueIdle } from "./queue-idle.ts";
import { queueLoad } from "./queue-load.ts";
import { queuePost } from "./queue-post.ts";
import { queueShares } from "./queue-shares.ts";
import { queueSlot } from "./queue-slot.ts";
import { shortJobs } from "./short-jobs.ts";
import { smallFiles } from "./small-files.ts";
import { soak } from "./soak.ts";
import { source } from "./source.ts";
import { start } from "./start.ts";
import { table } from "./table.ts";
import { unauthenticated } from "./unauthenticated.ts";
import { upload } from "./upload.ts";
import { verification } from "./verification.ts";
import { waitingRoom } from "./waiting-room.ts";
import { work } from "./work.ts";

const benchmarks: Readonly<Record<string, Benchmark>> = {
  job,
  "short-jobs": shortJobs,
  verification,
  quality,
  clip,
  pieces,
  farm,
  "farm-simulation": farmSimulation,
  "pieces-quality": piecesQuality,
  facts,
  ladder,
  "first-segment": firstSegment,
  latency,
  cancel,
  start,
  idle,
  fanout,
  lists,
  get,
  work,
  source,
  upload,
  "small-files": smallFiles,
  unauthenticated,
  dashboard,
  "waiting-room": waitingRoom,
  "queue-post": queuePost,
  "queue-load": queueLoad,
  "queue-slot": queueSlot,
  "queue-shares": queueShares,
  "queue-idle": queueIdle,
  soak,
};

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { big: { type: "boolean", default: false }, minutes: { type: "string", default: "3" } },
});
const options = { big: values.big, minutes: Number(values.minutes) };
const unknown = asked.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there is ${Object.keys(benchmarks).join(", ")}`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const [name, run] of Object.entries(benchmarks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const began = performance.now();
  try {
    figures.push(...(await run(options)));
    console.error(`${name}: ${Math.round((performance.now() - began) / 1_000)} s`);
  } catch (error) {
    console.error(`${name} failed:`, error);
    process.exitCode = 1;
  }
}
console.log(table(figures));
