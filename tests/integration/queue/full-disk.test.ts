import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteRoom } from "#controlplane/queue/sqlite/sqlite-room.ts";
import { smallDisk } from "#tests/faults/small-disk.ts";
import { rejection } from "#tests/support/outcome.ts";
import { addOrders, drainerOf, noLimits, waitingOrder } from "#tests/support/waiting-orders.ts";

test("on a full disk orders are handed over and end, and new ones are added once there is room", async () => {
  const folder = await mkdtemp(join(tmpdir(), "full-disk-"));
  const disk = await smallDisk(folder);
  if (!disk) return;
  const room = openSqliteRoom(join(folder, "room.sqlite"));
  try {
    const sealed = "x".repeat(20_000);
    await addOrders(room, 100, { sealed });
    await disk.fill();
    let fault: unknown;
    while (fault === undefined)
      fault = await room.add(waitingOrder({ sealed }), noLimits).then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(fault).toMatchObject({ kind: "unreachable", message: expect.stringContaining("disk is full") });
    expect(room.problem()).toBe("its disk is full");
    const { takeAll } = await drainerOf(room);
    const taken = await takeAll(100);
    expect(taken).toHaveLength(100);
    for (const { id } of taken) await room.remove(id);
    expect(await rejection(room.add(waitingOrder(), noLimits))).toMatchObject({ kind: "unreachable" });
    await disk.free();
    expect(await room.add(waitingOrder(), noLimits)).toHaveProperty("position");
    expect(room.problem()).toBeUndefined();
  } finally {
    room.close();
    await disk[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  }
});
