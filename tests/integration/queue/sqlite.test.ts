import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteRoom } from "#controlplane/queue/sqlite/sqlite-room.ts";
import { waitingHandOversContract } from "#tests/contract/waiting-hand-overs.ts";
import { waitingRoomContract } from "#tests/contract/waiting-room.ts";
import { waitingTurnsContract } from "#tests/contract/waiting-turns.ts";
import { addOrders, drainerOf } from "#tests/support/waiting-orders.ts";

async function aFile() {
  const folder = await mkdtemp(join(tmpdir(), "room-"));
  return {
    file: join(folder, "room.sqlite"),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true });
    },
  };
}

const open = async () => {
  const { file, ...folder } = await aFile();
  const room = openSqliteRoom(file);
  return {
    room,
    async [Symbol.asyncDispose]() {
      room.close();
      await folder[Symbol.asyncDispose]();
    },
  };
};

waitingRoomContract("waiting room in SQLite", open);
waitingHandOversContract("waiting room in SQLite", open);
waitingTurnsContract("waiting room in SQLite", open);

test("gives the lease to the process that opens the file, whoever had it before", async () => {
  await using folder = await aFile();
  const room = openSqliteRoom(folder.file);
  const former = await room.lease("former", 60_000);
  room.close();
  const again = openSqliteRoom(folder.file);
  expect(await again.lease("next", 60_000)).toBe((former ?? 0) + 1);
  again.close();
});

test("keeps all over a restart", async () => {
  await using folder = await aFile();
  const room = openSqliteRoom(folder.file);
  const ids = await addOrders(room, 3, { tenant: "a" });
  const { takeAll } = await drainerOf(room);
  await takeAll(1);
  room.close();
  const again = openSqliteRoom(folder.file);
  expect((await again.summary()).running).toEqual([{ tenant: "a", count: 1 }]);
  expect(await again.positions(ids)).toEqual([undefined, 1, 2]);
  again.close();
});

test("a file that is in use is refused before anything is written", async () => {
  await using folder = await aFile();
  const room = openSqliteRoom(folder.file);
  expect(() => openSqliteRoom(folder.file)).toThrow(/held by another control plane/);
  room.close();
  openSqliteRoom(folder.file).close();
});

test("a process that is killed loses no order that it was told of", async () => {
  await using folder = await aFile();
  for (let round = 0; round < 3; round += 1) {
    const holder = Bun.spawn([process.execPath, join(import.meta.dir, "holder.ts"), folder.file], {
      stdout: "pipe",
      stderr: "inherit",
    });
    const added: string[] = [];
    let rest = "";
    for await (const chunk of holder.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      added.push(...lines);
      if (added.length > 200) holder.kill("SIGKILL");
    }
    await holder.exited;
    const room = openSqliteRoom(folder.file);
    const positions = await room.positions(added);
    expect(added.length).toBeGreaterThan(200);
    expect(positions).not.toContain(undefined);
    room.close();
  }
}, 60_000);
