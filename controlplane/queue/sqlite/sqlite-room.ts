import * as v from "valibot";
import { makeListeners } from "#controlplane/listeners.ts";
import { type Priority, priorities } from "#shared/job/priority.ts";
import { placedOf, placeOf } from "../stored-order.ts";
import type { RoomLimits, Settled, WaitingOrder, WaitingRoom } from "../waiting-room.ts";
import { openDatabase } from "./database.ts";
import { makeGroupCommit, type StepOptions } from "./group-commit.ts";
import { makeLease } from "./lease.ts";
import { makePositions } from "./positions.ts";
import { makeReserve } from "./reserve.ts";
import { OrderRow } from "./rows.ts";
import { makeStatements } from "./statements.ts";
import { makeTurns } from "./turns.ts";

const endedKnownMs = 60_000;
const closedKnownMs = 48 * 3_600_000;

const Waiting = v.object({ tenant: v.string(), class: v.number(), count: v.number() });
const Running = v.object({ tenant: v.string(), count: v.number() });
const Id = v.object({ id: v.string() });
const Count = v.object({ count: v.number() });
const Oldest = v.object({ oldest: v.nullable(v.number()) });

/** Opens a waiting room in a file, which this process alone may use. */
export function openSqliteRoom(file: string, { now = Date.now }: { now?(): number } = {}): WaitingRoom {
  const database = openDatabase(file);
  const turns = makeTurns(database);
  const sql = makeStatements(database);
  const positions = makePositions(database);
  const changed = makeListeners<string>();
  const hasRoom = makeListeners<string>();
  const { tell } = changed;
  let problem: string | undefined;
  const lease = makeLease(database, now);
  const run = makeGroupCommit(database, makeReserve(`${file}.reserve`), (found) => {
    problem = found;
  });
  /** Runs a step, and tells the listeners when it is committed if it has changed something. */
  const change = async <T>(id: string, step: () => T, options?: StepOptions): Promise<T> => {
    const answer = await run(step, options);
    if (answer !== undefined && answer !== false) tell(id);
    return answer;
  };

  const rowOf = (id: string) => {
    const found = sql.find.get({ id });
    return found === null ? undefined : v.parse(OrderRow, found);
  };
  const rankOf = (priority: Priority) => priorities.indexOf(priority);
  const nextSequence = () => countIn(sql.next.get());
  const put = (
    row: OrderRow,
    place: Settled | { state: "offered"; number: number; address: string; offeredAt: number },
  ) =>
    sql.place.run({
      id: row.id,
      state: place.state,
      number: "number" in place ? place.number : row.number,
      address: "address" in place ? place.address : null,
      since: "offeredAt" in place ? place.offeredAt : "acceptedAt" in place ? place.acceptedAt : null,
      event: "event" in place ? place.event : null,
    });
  const forget = (id: string) => {
    const row = rowOf(id);
    if (row?.state === "waiting") turns.leave(row);
    sql.remove.run({ id });
    sql.end.run({ id, at: now() });
  };
  const refusalOf = ({ tenant, claim }: WaitingOrder, { total, ofTenant = Number.POSITIVE_INFINITY }: RoomLimits) => {
    if (claim && countIn(sql.isClosed.get(claim)) > 0) return "closed";
    if (countIn(sql.waiting.get({ class: priorities.length })) >= total) return "full";
    return countIn(sql.ofTenant.get({ tenant })) >= ofTenant ? "tenant_full" : undefined;
  };
  const add = (order: WaitingOrder, limits: RoomLimits) => {
    const { id, tenant, priority, addedAt, sealed, claim } = order;
    sql.forgetEnded.run({ before: now() - endedKnownMs });
    sql.forgetClosed.run({ before: now() - closedKnownMs });
    if (rowOf(id) || countIn(sql.isEnded.get({ id })) > 0) return "known";
    const refusal = refusalOf(order, limits);
    if (refusal) return refusal;
    const rank = { class: rankOf(priority), sequence: nextSequence() };
    const { key = null, number = null } = claim ?? {};
    sql.insert.run({ id, tenant, priority, addedAt, sealed, key, number, ...rank });
    turns.enter({ tenant, class: rank.class });
    // Nothing of its tenant and class is behind the newest.
    return { position: countIn(sql.ofTurn.get({ tenant, class: rank.class })) };
  };

  return {
    add: (order, limits) => change(order.id, () => add(order, limits), { isGrowth: true }),
    isClear: (priority) => run(() => countIn(sql.waiting.get({ class: rankOf(priority) })) === 0),
    find: (id) =>
      run(() => {
        const row = rowOf(id);
        return row && placedOf(row);
      }),
    positions: (ids) => run(() => positions(ids)),
    list: ({ limit, tenant, before = null }) =>
      run(() => {
        const range = { limit, before };
        return (tenant === undefined ? sql.list.all(range) : sql.listOf.all({ ...range, tenant })).map(placedIn);
      }),
    summary: () =>
      run(() => ({
        waiting: sql.summary.all().map((found) => {
          const { tenant, class: rank, count } = v.parse(Waiting, found);
          return { tenant, priority: priorities[rank] ?? "normal", count };
        }),
        running: sql.running.all().map((found) => v.parse(Running, found)),
        oldest: v.parse(Oldest, sql.oldest.get()).oldest ?? undefined,
        ending: countIn(sql.ending.get()),
      })),
    closeClaim: (claim) =>
      run(() => {
        const found = sql.claimed.get(claim);
        if (found !== null) return v.parse(Id, found).id;
        sql.close.run({ ...claim, at: now() });
        return undefined;
      }),
    setPriority: (id, priority, sealed) =>
      change(id, () => {
        const row = rowOf(id);
        if (row?.state !== "waiting") return row && false;
        turns.leave(row);
        sql.rank.run({ id, priority, sealed, class: rankOf(priority), sequence: nextSequence() });
        turns.enter({ ...row, class: rankOf(priority) });
        return true;
      }),
    end: (id, event, { isCancel }) =>
      change(id, () => {
        const row = rowOf(id);
        if (!row) return undefined;
        if (row.state === "waiting") {
          turns.leave(row);
          put(row, { state: "ending", event });
        } else if (row.state === "offered" && isCancel) sql.cancel.run({ id });
        const now = rowOf(id);
        return now && placeOf(now);
      }),
    remove: (id) => change(id, () => forget(id) ?? true).then(() => {}),
    lease: (holder, forMs) => run(() => lease.take(holder, forMs)),
    release: (fence) => run(() => lease.release(fence)),
    async take({ fence, address, ...how }) {
      const placed = await run(() => {
        lease.check(fence);
        const row = turns.next(how);
        if (!row) return undefined;
        turns.leave(row);
        put(row, { state: "offered", number: row.number, address, offeredAt: how.now });
        const taken = rowOf(row.id);
        return taken && placedOf(taken);
      });
      if (placed) tell(placed.id);
      return placed;
    },
    settle: (fence, id, place) =>
      change(id, () => {
        lease.check(fence);
        const row = rowOf(id);
        if (row?.state !== "offered") return undefined;
        put(row, place);
        if (place.state === "waiting") {
          turns.enter(row);
          turns.giveBack(row);
        }
        return placedOf(row);
      }),
    unsettled: () => run(() => sql.unsettled.all().map(placedIn)),
    addedBefore: (time) => run(() => sql.addedBefore.all({ time }).map((found) => v.parse(Id, found).id)),
    missing: (address, activeIds, asOf) => {
      const active = JSON.stringify(activeIds);
      return run(() => sql.missing.all({ address, asOf, active }).map((found) => v.parse(Id, found).id));
    },
    onChange: changed.add,
    onRoom: hasRoom.add,
    announceRoom: async (address) => hasRoom.tell(address),
    problem: () => problem,
    close: () => database.close(),
  };
}

const countIn = (row: unknown) => v.parse(Count, row).count;
const placedIn = (row: unknown) => placedOf(v.parse(OrderRow, row));
