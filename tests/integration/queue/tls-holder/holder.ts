/** Adds an order to the waiting room of a URL, and prints the answer or why there is no room. */
import { openRedisRoom } from "#controlplane/queue/redis/redis-room.ts";
import { toFault } from "#shared/fault.ts";
import { makeLog } from "#shared/log.ts";
import { noLimits, waitingOrder } from "#tests/support/waiting-orders.ts";

const url = process.argv[2] ?? "";
const added = await openRedisRoom(url, { log: makeLog("test", { level: "silent" }) })
  .then((room) => room.add(waitingOrder(), noLimits))
  .catch((error: unknown) => toFault(error).message);
process.stdout.write(JSON.stringify(added));
process.exit(0);
