import * as v from "valibot";
import { makeListeners } from "#controlplane/listeners.ts";
import { toFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { Settled, WaitingRoom } from "../waiting-room.ts";
import { subscribeChanges } from "./changes.ts";
import { checkRedis } from "./check.ts";
import { connectScripts } from "./client.ts";
import { added, ids, optionalText, placedIn, placedList, positions, summary } from "./replies.ts";
import { roomPrefix } from "./scripts.ts";

type Options = {
  log: Log;
  /** How long Redis may take to answer. Default: 2 seconds. */
  answerMs?: number;
};

const prefix = "{flux}:";

/** Opens a waiting room in Redis or Valkey. Throws `invalid` when that is set up so that it would lose orders. */
export async function openRedisRoom(url: string, { log, answerMs = 2_000 }: Options): Promise<WaitingRoom> {
  const changed = makeListeners<string | undefined>();
  const hasRoom = makeListeners<string>();
  const tell = (message: string | undefined) =>
    message?.startsWith(roomPrefix) ? hasRoom.tell(message.slice(roomPrefix.length)) : changed.tell(message);
  const warning = await checkRedis(url);
  if (warning) log.warn(warning);
  const connected = Promise.withResolvers<void>();
  const changes = subscribeChanges(url, `${prefix}changes`, tell, log);
  const scripts = connectScripts(url, {
    ...{ prefix, log, answerMs },
    onConnect: connected.resolve,
    onGivenUp: changes.reconnect,
  });
  // While it is away at the start nobody knows how it is set up: that is looked at once it is there.
  let unfit: string | undefined;
  const recheck = () =>
    checkRedis(url).then(
      (found) => found && found !== warning && log.warn(found),
      (error) => {
        unfit = toFault(error).message;
        log.error(unfit);
      },
    );
  if (warning) void connected.promise.then(recheck);
  await Promise.race([Promise.all([connected.promise, changes.subscribed]), Bun.sleep(answerMs)]);
  const { run } = scripts;

  return {
    async add({ id, tenant, priority, addedAt, sealed, claim }, { total, ofTenant }) {
      const order = [id, tenant, priority, `${addedAt}`, sealed, claim?.key ?? "", `${claim?.number ?? 0}`];
      return v.parse(added, await run("add", [...order, `${total}`, ofTenant === undefined ? "" : `${ofTenant}`]));
    },
    isClear: async (priority) => (await run("isClear", [priority])) === 1,
    find: async (id) => placedIn(await run("find", [id])),
    positions: async (asked) => (asked.length === 0 ? [] : v.parse(positions, await run("positions", asked))),
    async list({ limit, tenant, before }) {
      const range = before === undefined ? "+" : `(${before}`;
      return placedList(await run("list", [`${limit}`, tenant === undefined ? "0" : "1", tenant ?? "", range]));
    },
    summary: async () => v.parse(summary, await run("summary", [])),
    closeClaim: async ({ key, number }) => v.parse(optionalText, await run("closeClaim", [key, `${number}`])),
    async setPriority(id, priority, sealed) {
      const answer = await run("setPriority", [id, priority, sealed]);
      return answer === "" ? undefined : answer === "moved";
    },
    end: async (id, event, { isCancel }) => placedIn(await run("end", [id, event, isCancel ? "1" : "0"]))?.place,
    remove: async (id) => void (await run("remove", [id])),
    async lease(holder, forMs) {
      const fence = await run("lease", [holder, `${forMs}`]);
      return fence === null ? undefined : Number(fence);
    },
    release: async (fence) => void (await run("release", [`${fence}`])),
    async take({ fence, address, shares, agingMs, except, now }) {
      const how = [JSON.stringify(shares), `${agingMs}`, JSON.stringify(except), `${now}`];
      return placedIn(await run("take", [`${fence}`, address, ...how]));
    },
    settle: async (fence, id, place) => placedIn(await run("settle", [`${fence}`, id, place.state, ...partsOf(place)])),
    unsettled: async () => placedList(await run("unsettled", [])),
    addedBefore: async (time) => v.parse(ids, await run("addedBefore", [`${time}`])),
    missing: async (address, activeIds, asOf) => v.parse(ids, await run("missing", [address, `${asOf}`, ...activeIds])),
    onChange: changed.add,
    onRoom: hasRoom.add,
    announceRoom: async (address) => void (await run("announce", [address])),
    problem: () => unfit ?? scripts.problem(),
    close() {
      changes[Symbol.dispose]();
      scripts.close();
    },
  };
}

const partsOf = (place: Settled) => [
  "number" in place ? `${place.number}` : "",
  "address" in place ? place.address : "",
  "acceptedAt" in place ? `${place.acceptedAt}` : "",
  "event" in place ? place.event : "",
];
