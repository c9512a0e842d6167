import type { Told } from "./owner.ts";
import { every, type Machine, type World } from "./world.ts";

const restSeconds = 5;

/** The control plane that follows the job, and the workers that it asks: as controlplane/dispatch/help.ts and what that uses. */
export function makeHelpers(world: World, machines: readonly Machine[]) {
  const { time, costs, board, workers, callSeconds } = world;
  const busy = new Set<Machine>();
  const taken = new Set<number>();
  const restUntil = new Map<number, number>();
  let told: Told = { open: [], isDone: false };
  let isLooking = false;
  let isOver = false;
  let timers = 0;

  const isFree = (at: number) => !taken.has(at) && (restUntil.get(at) ?? 0) <= time.now();
  const free = () => (told.isDone ? [] : told.open.filter(isFree));
  const missing = () => (isOver ? 0 : Math.min(workers - 1 - busy.size, free().length));

  /** One piece by one worker; false where it is somebody else's. */
  const encode = async (at: number, { core, transfer, ask }: Machine): Promise<boolean> => {
    await time.sleep(callSeconds);
    // The plan, what there is, the claim.
    await ask(4);
    if (board.done.has(at) || board.claims.has(at)) return false;
    board.claims.set(at, 1);
    await ask(1);
    await transfer(costs.inputBytes);
    await core.use(at === 0 ? costs.firstPiece : costs.piece);
    await transfer(costs.resultBytes);
    await ask(5);
    board.done.add(at);
    return true;
  };
  const help = async (machine: Machine) => {
    const at = free()[0];
    if (at === undefined) return void busy.delete(machine);
    taken.add(at);
    await encode(at, machine);
    taken.delete(at);
    restUntil.set(at, time.now() + restSeconds);
    busy.delete(machine);
    lookSoon(0);
  };
  const look = async () => {
    if (isLooking || missing() <= 0) return;
    isLooking = true;
    // The owner says by what build it encodes.
    await time.sleep(callSeconds);
    for (const machine of machines) {
      if (missing() <= 0 || busy.has(machine)) continue;
      busy.add(machine);
      await time.sleep(callSeconds);
      void help(machine);
    }
    isLooking = false;
  };
  const lookSoon = (seconds: number) => {
    timers += 1;
    const ours = timers;
    if (missing() <= 0) return;
    void time.sleep(seconds).then(async () => {
      if (ours !== timers || isOver) return;
      await look();
      lookSoon(every.search);
    });
  };

  return {
    heard(now: Told) {
      const before = missing();
      told = now;
      if (before <= 0) lookSoon(0);
    },
    end() {
      isOver = true;
    },
  };
}
