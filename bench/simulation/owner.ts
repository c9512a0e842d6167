import { every, type Machine, type World } from "./world.ts";

/** The pieces that others can take, and whether all are there, as the owner tells it. */
export type Told = { open: readonly number[]; isDone: boolean };

const mostClaims = 3;

/** The worker that has the job: as worker/pieces/share-pieces.ts and what that uses. */
export function makeOwner(world: World, { core, transfer, ask }: Machine, heard: (told: Told) => void) {
  const { time, costs, board, pieces, workers, callSeconds, minutes } = world;
  const last = pieces - 1;
  const known = new Set<number>();
  const mine = new Map<number, number>();
  const fed = new Set<number>();
  let seen = { claims: new Map<number, number>(), done: new Set<number>() };
  let own: { at: number; stop: AbortController } | undefined;
  let looking = Promise.resolve();
  let isOver = false;
  let received = 0;

  const all = Array.from({ length: pieces }, (_, at) => at);
  const left = () => all.filter((at) => !known.has(at));
  const attemptOf = (at: number) => seen.claims.get(at) ?? 0;
  const isHeld = (at: number) => attemptOf(at) > 0 && mine.get(at) !== attemptOf(at);
  const open = () =>
    left().filter((at) => at !== last && at !== own?.at && fed.has(at) && !isHeld(at) && attemptOf(at) < mostClaims);
  const publish = () => {
    const told = { open: open(), isDone: left().length === 0 };
    void time.sleep(callSeconds).then(() => heard(told));
  };

  const receive = async (at: number) => {
    await ask(2);
    await transfer(costs.resultBytes);
    await core.use(costs.receive);
    received += known.has(at) ? 0 : 1;
    known.add(at);
    if (own?.at === at) own.stop.abort();
  };
  const look = async () => {
    await ask(1);
    const now = { claims: new Map(board.claims), done: new Set(board.done) };
    const held = [...now.claims].filter(([at, attempt]) => !known.has(at) && mine.get(at) !== attempt);
    // A beat is sought, and read.
    await ask(2 * held.length);
    seen = now;
    for (const [at] of now.claims) if (known.has(at) && !now.done.has(at)) board.claims.delete(at);
    for (const at of now.done) if (!known.has(at)) await receive(at);
  };
  const lookNow = () => {
    looking = looking.then(() => (isOver ? undefined : look()));
    return looking;
  };
  const watch = async () => {
    await ask(3);
    while (!isOver) {
      await lookNow();
      publish();
      await time.sleep(every.look);
    }
  };
  const feed = async () => {
    for (let at = 0; at < last && !isOver; at += 1) {
      while (!isOver && open().length >= workers) await time.sleep(every.look / 4);
      if (isOver || known.has(at) || own?.at === at) continue;
      await core.use(costs.cut);
      await transfer(costs.inputBytes);
      await ask(1);
      fed.add(at);
      publish();
    }
  };
  const tell = async () => {
    for (; !isOver; await time.sleep(every.tick)) publish();
  };

  const choose = () => {
    const missing = left();
    if (missing.includes(last)) return last;
    const free = missing.filter((at) => !isHeld(at));
    return free.findLast((at) => !fed.has(at)) ?? free[0] ?? missing[0];
  };
  const claim = async (at: number): Promise<boolean> => {
    const attempt = attemptOf(at) + 1;
    if (!fed.has(at) || isHeld(at) || attempt > mostClaims) return true;
    await ask(1);
    const isOurs = (board.claims.get(at) ?? 0) < attempt;
    if (isOurs) board.claims.set(at, attempt);
    if (isOurs) mine.set(at, attempt);
    seen.claims.set(at, attempt);
    return isOurs;
  };
  const next = async (): Promise<number | undefined> => {
    for (let hasLooked = false; ; ) {
      const at = choose();
      if (at !== undefined && isHeld(at) && !hasLooked) {
        hasLooked = true;
        await lookNow();
        continue;
      }
      if (at === undefined || (await claim(at))) return at;
    }
  };

  let isHeard = false;
  const encodeSound = async () => {
    if (isHeard) return;
    isHeard = true;
    await core.use(costs.sound * minutes);
  };

  return {
    async encodeAll() {
      const others = [watch(), feed(), tell()];
      for (let at = await next(); at !== undefined; at = await next()) {
        own = { at, stop: new AbortController() };
        publish();
        await core.use(at === 0 ? costs.firstPiece : costs.piece, own.stop.signal);
        known.add(at);
        own = undefined;
        await encodeSound();
      }
      await encodeSound();
      isOver = true;
      publish();
      void others;
    },
    /** How many pieces came from others. */
    received: () => received,
  };
}
