import { describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { headersFor } from "#shared/storage/object-headers.ts";
import { decidingStorages } from "#tests/support/deciding-storages.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { boardAt } from "#worker/pieces/board.ts";
import { sweepBoards } from "#worker/pieces/sweep-boards.ts";

const signal = AbortSignal.timeout(60_000);
const dayMs = 86_400_000;
const unknown = { prefix: "jobs", endOf: async (_: string): Promise<number | undefined> => undefined };
const done = { worker: "w", renditions: [{ bytes: 4, sha256: "0".repeat(64) }], cpuSeconds: 2 };

describe.each(decidingStorages)("a board %s", (_, open) => {
  test("lets one of all have what they claim and finish, and shows what is there", async () => {
    await using opened = await open();
    const { storage } = opened;
    const folder = await makeFolder("flux-board-");
    const [file, fetched] = [join(folder, "file"), join(folder, "fetched")];
    await writeFile(file, "clip");
    const jobId = `1f2e3d4c-${Bun.randomUUIDv7()}`;
    const board = boardAt(storage, "jobs", jobId);
    expect(await board.isThere(signal)).toBe(false);
    expect(await board.create("{}", signal)).toBe(true);
    expect(await board.create("{ }", signal)).toBe(false);
    expect(await board.plan(signal)).toBeUndefined();

    await board.putInput(0, file, signal);
    await board.putInput(12, file, signal);
    expect(await board.fetchInput(0, fetched, signal, 4)).toEqual({ bytes: 4 });
    expect(await board.fetchInput(1, fetched, signal, 4)).toBeUndefined();
    expect(await rejection(board.fetchInput(0, fetched, signal, 3))).toMatchObject({ kind: "too_large" });

    const claims = await Promise.all(["a", "b", "c"].map((worker) => board.claim(0, 1, worker, signal)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await board.claim(0, 2, "a", signal)).toBe(true);
    expect(await board.lastBeat(0, 2, signal)).toBeUndefined();
    for (const beat of ["1", "2"]) await board.beat(0, 2, beat, signal);
    expect(await board.lastBeat(0, 2, signal)).toBe("2");

    await board.putResult(0, 2, 1, file, signal);
    expect(await board.finish(0, { ...done, attempt: 2 }, signal)).toBe(true);
    expect(await board.finish(0, { ...done, attempt: 1 }, signal)).toBe(false);
    expect(await board.done(0, signal)).toEqual({ ...done, attempt: 2 });
    expect(await board.fetchResult([0, 2, 1], fetched, signal, 4)).toEqual({ bytes: 4 });
    // What others write there says nothing, or nothing that is believed.
    for (const name of ["7.json", "a.1.json", "3.1.json/x", "123456.input", "0.0001.json"])
      await storage.write(`jobs/pieces/${jobId}/${name}`, "x", headersFor(name), signal);
    await storage.write(`jobs/pieces/${jobId}/1.done.json`, '{"attempt":"../../1"}', headersFor("a.json"), signal);
    expect(await board.done(1, signal)).toBeUndefined();
    expect(await board.state(signal)).toEqual({
      ...{ inputs: new Set([0, 12]), claims: new Map([[0, 2]]), done: new Set([0, 1]) },
      isEnded: false,
    });
    await board.reject(0, signal);
    expect(await board.finish(0, { ...done, attempt: 3 }, signal)).toBe(true);

    await board.end(5 * dayMs, signal);
    expect(await board.isEnded(signal)).toBe(true);
    await board.remove(signal);
    const keys = await Array.fromAsync(storage.list("jobs/", signal));
    expect(keys).toEqual([`jobs/pieces/${jobId}/ended.json`]);
    const sweep = (days: number) => sweepBoards({ ...unknown, storage, now: () => days * dayMs }, signal);
    expect([await sweep(5.9), await sweep(6)]).toEqual([0, 1]);
    expect(await Array.fromAsync(storage.list("jobs/", signal))).toEqual([]);
  });
});

test("a board that has no end is removed a week after its job was made, and what nobody has made stays", async () => {
  await using opened = await decidingStorages[0]?.[1]();
  if (!opened) throw new Error("there is no storage");
  const { storage } = opened;
  const at = Date.parse("2026-01-01T00:00:00Z");
  const jobId = `1f2e3d4c-${Bun.randomUUIDv7("hex", at)}`;
  await boardAt(storage, "jobs", jobId).claim(0, 1, "w", signal);
  await storage.write("jobs/pieces/other/note.txt", "mine", headersFor("note.txt"), signal);
  const sweep = (days: number, ended = unknown) =>
    sweepBoards({ ...ended, storage, now: () => at + days * dayMs }, signal);
  expect([await sweep(6.9), await sweep(7)]).toEqual([0, 1]);
  expect(await Array.fromAsync(storage.list("jobs/", signal))).toEqual(["jobs/pieces/other/note.txt"]);

  // The storage was away when its job ended, which the job's record tells.
  await boardAt(storage, "jobs", jobId).claim(0, 1, "w", signal);
  const ended = { ...unknown, endOf: async (id: string) => (id === jobId ? at + dayMs : undefined) };
  expect([await sweep(1.9, ended), await sweep(2, ended)]).toEqual([0, 1]);
  expect(await Array.fromAsync(storage.list("jobs/", signal))).toEqual(["jobs/pieces/other/note.txt"]);
});
