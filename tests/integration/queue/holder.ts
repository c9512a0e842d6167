/** Adds orders to the waiting room of a file until it is killed, and prints the id of each that was added. */
import { openSqliteRoom } from "#controlplane/queue/sqlite/sqlite-room.ts";
import { noLimits, waitingOrder } from "#tests/support/waiting-orders.ts";

const room = openSqliteRoom(process.argv[2] ?? "");
const add = async () => {
  const order = waitingOrder();
  await room.add(order, noLimits);
  process.stdout.write(`${order.id}\n`);
};
for (;;) await Promise.all(Array.from({ length: 8 }, add));
