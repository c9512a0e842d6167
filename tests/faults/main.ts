/**
 * `bun run test:faults [--jobs 300] [--faults 200] [--seed N] [--minutes 20]`: breaks everything, for longer than the suite
 * does. `--queue redis|sqlite` lets orders wait; `--kills 100` instead of `--faults` only kills processes. With SPLIT_SECONDS=2
 * in the environment longer films are encoded in pieces, and with SPLIT_WORKERS=3 by all workers.
 */
import { parseArgs } from "node:util";
import { type Kind, killKinds, kindNames } from "./kinds.ts";
import { engines } from "./rig.ts";
import { runFaults } from "./run.ts";

const { values } = parseArgs({
  options: {
    jobs: { type: "string", default: "300" },
    faults: { type: "string", default: "200" },
    kills: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    minutes: { type: "string", default: "20" },
    queue: { type: "string", default: "none" },
    only: { type: "string", multiple: true },
    quiet: { type: "boolean", default: false },
  },
});
const isKind = (name: string): name is Kind =>
  Object.hasOwn(Object.fromEntries(kindNames.map((kind) => [kind, 1])), name);
const queue = engines.find((name) => name === values.queue) ?? "none";
const faults = values.kills ?? values.faults;
const only = values.only?.filter(isKind) ?? (values.kills ? killKinds : undefined);
const seed = Number(values.seed);
console.log(`${values.jobs} jobs and ${faults} faults from seed ${seed}, queue: ${queue}`);
const began = performance.now();
// What was mounted and started must go, also when somebody has seen enough.
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => interrupted.abort());
const { complaints, jobs, struck } = await runFaults({
  seed,
  jobs: Number(values.jobs),
  faults: Number(faults),
  queue,
  until: AbortSignal.any([interrupted.signal, AbortSignal.timeout(Number(values.minutes) * 60_000)]),
  ...(only && { only }),
  ...(!values.quiet && { say: console.log }),
});

const ends = Map.groupBy(jobs, ({ end }) => `${end?.status ?? "never ended"} ${end?.error?.kind ?? ""}`.trim());
console.log("\nfault                            struck");
for (const [kind, times] of [...struck].sort()) console.log(`${kind.padEnd(32)} ${String(times).padStart(6)}`);
console.log(`${"all".padEnd(32)} ${String([...struck.values()].reduce((a, b) => a + b, 0)).padStart(6)}\n`);
console.log("jobs ended as");
for (const [end, { length }] of [...ends].sort()) console.log(`${end.padEnd(32)} ${String(length).padStart(6)}`);
const cut = jobs.filter(({ end }) => end?.pieces !== undefined);
const shared = cut.filter(({ end }) => (end?.pieces?.workers ?? 1) > 1);
console.log(`${cut.length} in pieces, ${shared.length} of them by several workers`);
for (const complaint of complaints) console.error(`\nBROKEN: ${complaint}`);
console.log(
  `\n${complaints.length} invariants broken in ${Math.round((performance.now() - began) / 1_000)} s; seed ${seed}`,
);
process.exit(complaints.length > 0 ? 1 : 0);
