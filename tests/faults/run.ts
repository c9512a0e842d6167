import { makeRandom, type Random } from "#tests/fuzz/random.ts";
import { liveJob, type Seen } from "./client.ts";
import { type Kind, kindNames, kinds } from "./kinds.ts";
import { recordProblems, settled, strayFiles, strayProcesses } from "./leftovers.ts";
import { type Engine, type Rig, startRig } from "./rig.ts";
import { roomProblems } from "./waiting-room.ts";
import { wishOf } from "./wish.ts";

export type Options = {
  seed: number;
  jobs: number;
  faults: number;
  /** Where orders wait that no worker has room for. Default: nowhere. */
  queue?: Engine | undefined;
  /** Those that are drawn from; all, if not given. */
  only?: readonly Kind[];
  /** Told of progress. */
  say?: (line: string) => void;
  /** Ends the run before its time: what has not ended by then is complained of. */
  until?: AbortSignal;
};

export type Outcome = {
  /** Every broken invariant, with what helps to find out why. */
  complaints: string[];
  jobs: Seen[];
  /** How often each kind of fault struck. */
  struck: Map<string, number>;
};

const breakersAtOnce = 2;
/** So many that with a waiting room most of their orders wait. */
const clientsAtOnceOf = (queue: Engine) => (queue === "none" ? 5 : 15);
/** How long the jobs may go on when nothing is broken any more, and how long none may end before that. */
const [mendedMs, stuckMs] = [120_000, 90_000];

/** Runs jobs through a service whose every part breaks as a seed has it, and looks at what must hold all the same. */
export async function runFaults({
  seed,
  jobs: count,
  faults,
  queue = "none",
  only = kindNames,
  say = () => {},
  until = new AbortController().signal,
}: Options): Promise<Outcome> {
  const random = makeRandom(seed);
  await using rig = await startRig(random.pick(["local", "s3"] as const), queue);
  const struck = new Map<string, number>();
  const mended = new AbortController();
  const over = AbortSignal.any([mended.signal, until]);
  const clientsAtOnce = clientsAtOnceOf(queue);
  const pace = makePace(count, faults, clientsAtOnce, until);
  const began = performance.now();
  const jobs: Seen[] = [];
  const kindsDrawn = inRounds(random, only);
  let doubled = 0;

  const client = async () => {
    for (let n = await pace.nextJob(); n !== undefined; n = await pace.nextJob()) {
      const isDoubled = random.chance(0.1);
      if (isDoubled) doubled += 1;
      const seen = await liveJob(rig, wishOf(n, random, isDoubled), over);
      jobs.push(seen);
      say(`${Math.round((performance.now() - began) / 1_000)} s, ${jobs.length} of ${count}: ${lineOf(seen)}`);
    }
  };
  const breaker = async () => {
    while (await pace.nextFault()) {
      const kind = kindsDrawn();
      const hasStruck = await kinds[kind](rig, random);
      say(`  ${kind}${hasStruck ? "" : ": nothing to strike"}`);
      if (hasStruck) struck.set(kind, (struck.get(kind) ?? 0) + 1);
      else pace.missed();
    }
  };
  const breaking = Promise.all(Array.from({ length: breakersAtOnce }, breaker)).then(() => {
    rig.mend();
    pace.open();
    setTimeout(() => mended.abort(), mendedMs).unref();
  });

  await Promise.all([breaking, ...Array.from({ length: clientsAtOnce }, client)]);
  struck.set("POST doubled", doubled);
  const late = aborted(until).then(() => [notInTime(count, jobs), ...seenProblems(rig, jobs)]);
  return { complaints: await Promise.race([late, complaintsOf(rig, jobs)]), jobs, struck };
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

function notInTime(count: number, jobs: readonly Seen[]): string {
  const open = jobs.filter(({ end }) => !end).map(({ jobId, wish }) => jobId || `the order for ${wish.path}`);
  return `it was not over in time: ${jobs.length} of ${count} jobs were begun, and not ended ${open.join(", ") || "none"}`;
}

const seenProblems = (rig: Rig, jobs: readonly Seen[]) =>
  jobs.flatMap((seen) => [...seen.complaints, ...endProblems(seen)].map((why) => explained(rig, seen, why)));

async function complaintsOf(rig: Rig, jobs: readonly Seen[]): Promise<string[]> {
  const complaints = seenProblems(rig, jobs);
  complaints.push(...(await settled(rig, jobs)), ...(await recordProblems(rig, jobs)), ...(await roomProblems(rig)));
  await Promise.all([...rig.controlplanes, ...rig.workers].map((process) => process.stop()));
  complaints.push(...(await strayProcesses(rig.home)), ...(await strayFiles(rig)));
  return [...complaints, ...[...rig.workers, ...rig.controlplanes].flatMap(({ crashes }) => crashes)];
}

/** Ends that no fault of these excuses. */
function endProblems({ end, wish }: Seen): string[] {
  if (!end) return ["it never ended"];
  const kind = end.error?.kind ?? "";
  if (end.status === "cancelled") return wish.isCancelled ? [] : ["nobody cancelled it"];
  if (end.status === "completed") return wish.source === "missing.mp4" ? ["it had no source, and completed"] : [];
  return ["source_failed", "delivery_failed", "internal"].includes(kind)
    ? []
    : [`it failed: ${kind}: ${end.error?.message}`];
}

function explained(rig: Rig, { jobId, wish, events }: Seen, why: string): string {
  const log = [...rig.workers, ...rig.controlplanes].flatMap(({ name, linesOf }) =>
    linesOf(jobId).map((line) => `    ${name}: ${line}`),
  );
  const told = events.map(({ sequence, status, message = "" }) => `    ${sequence} ${status} ${message}`);
  return [`${jobId} (${JSON.stringify(wish)}): ${why}`, "  its events:", ...told, "  the logs:", ...log].join("\n");
}

const lineOf = ({ jobId, wish, end, took, breaks, complaints }: Seen) =>
  `${jobId} ${wish.storage} ${wish.preset} ${end?.status} ${end?.error?.kind ?? ""} attempt ${end?.attempt}, ${took} ms, ${breaks.length} breaks ${complaints.join("; ").slice(0, 300)}`;

/** Draws each kind as often as every other, in an order of chance. */
function inRounds(random: Random, names: readonly Kind[]): () => Kind {
  let round: readonly Kind[] = [];
  return () => {
    if (round.length === 0) round = names;
    const kind = random.pick(round);
    round = round.filter((other) => other !== kind);
    return kind;
  };
}

/** Lets jobs and faults go on side by side, so that all along some of both are under way. */
function makePace(jobs: number, faults: number, clientsAtOnce: number, over: AbortSignal) {
  let [begun, broken] = [0, 0];
  const mayBegin = () => begun < clientsAtOnce || broken >= Math.floor(((begun - clientsAtOnce) * faults) / jobs);
  const mayBreak = () => begun >= Math.min(jobs, Math.floor((broken * jobs) / faults) + 1);
  const until = async (holds: () => boolean) => {
    while (!holds() && !over.aborted) await Bun.sleep(20);
  };
  return {
    async nextJob() {
      await until(() => begun >= jobs || mayBegin());
      return begun < jobs && !over.aborted ? begun++ : undefined;
    },
    async nextFault() {
      // When no job ends any more, only an end to the faults can show why.
      const stuckAt = Date.now() + stuckMs;
      await until(() => broken >= faults || mayBreak() || Date.now() > stuckAt);
      if (broken >= faults || !mayBreak() || over.aborted) return false;
      broken += 1;
      return true;
    },
    missed() {
      broken -= 1;
    },
    /** No job waits for a fault any more. */
    open() {
      broken = faults;
    },
  };
}
