import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { eventually } from "#tests/support/service.ts";
import type { PieceDone } from "#worker/pieces/board.ts";
import { aFilm, aHelper, anOwner } from "./rig.ts";

const film = await aFilm();
const last = film.work.pieces.length - 1;

/** A moment that has to come before others go on. */
const moment = () => Promise.withResolvers<void>();
const isOffered = (owner: Awaited<ReturnType<typeof anOwner>>, at: number) => () =>
  owner.told()?.open?.includes(at) ?? false;

test("pieces of another worker are those that the owner would have made, and what is none of them is made again", async () => {
  const goOn = moment();
  const owner = await anOwner(film, { maxAttempts: 9, beforeOwn: async (begun) => (begun > 1 ? goOn.promise : {}) });
  await eventually(isOffered(owner, 0), "the first piece is offered");
  const helper = await aHelper(owner);
  expect(owner.told()).toMatchObject({ board: helper.id, total: film.work.pieces.length });
  expect(await helper.claim(0)).toBe(true);
  expect(await helper.claim(0)).toBe(false);
  const good = await helper.encode(0);
  await eventually(() => owner.told()?.workers === 2, "its work is told");
  expect(await helper.finish(0, good)).toBe(true);
  await eventually(() => owner.told()?.done === 2, "the piece is taken");

  await eventually(isOffered(owner, 1), "the next piece is offered");
  const one = await helper.encode(1);
  const damaged = join(await makeFolder("flux-lie-"), "damaged.mp4");
  const bytes = await Bun.file(one).bytes();
  await writeFile(damaged, bytes.fill(0xff, bytes.length - 200));
  const short = join(await makeFolder("flux-lie-"), "short.mp4");
  await Bun.$`ffmpeg -v error -i ${one} -c copy -frames:v 10 ${short}`;
  const other = join(await makeFolder("flux-lie-"), "other.mp4");
  await Bun.$`ffmpeg -v error -i ${one} -c:v libx264 -bf 0 -refs 1 -profile:v baseline -pix_fmt yuv420p ${other}`;
  const truth = { bytes: Bun.file(one).size, sha256: "0".repeat(64) };
  const lies: [string, Partial<PieceDone>, RegExp][] = [
    [one, { renditions: [{ ...truth, bytes: truth.bytes - 1 }] }, /size/],
    [one, { renditions: [truth] }, /SHA-256/],
    [one, { renditions: [] }, /not understood/],
    [damaged, {}, /index|packets/],
    [short, {}, /it has 10 of 48 pictures/],
    [other, {}, /set up otherwise/],
    [await helper.encode(2), {}, /not those of the source/],
  ];
  for (const [at, [file, changes, problem]] of lies.entries()) {
    expect(await helper.claim(1, at + 1)).toBe(true);
    await helper.finish(1, file, { ...changes, attempt: at + 1 });
    await eventually(() => owner.problems.length > at, `it is found that ${problem}`);
    expect(owner.problems[at]).toMatch(problem);
    await eventually(isOffered(owner, 1), "the piece is offered again");
  }
  goOn.resolve();
  const encoded = await owner.encoded;
  expect(await owner.hashes()).toEqual(film.alone);
  expect(encoded?.report).toMatchObject({ workers: 2, pieceWorkers: new Map([[0, "helper"]]) });
  expect(owner.begun()).toBe(last);
  expect(owner.meter.usage()).toMatchObject({ cpuSeconds: 1.5, bytesIn: expect.any(Number) });
  expect(await owner.left()).toEqual([`.flux/jobs/pieces/${owner.jobId}/ended.json`]);
});

test("a worker that falls silent or is slow holds nothing up, and what comes late or twice changes nothing", async () => {
  const [goOn, end] = [moment(), moment()];
  const beforeOwn = async (begun: number) => (begun === 2 ? goOn.promise : begun === 4 ? end.promise : {});
  const owner = await anOwner(film, { staleMs: 300, beforeOwn });
  await eventually(isOffered(owner, 1), "two pieces are offered");
  const helper = await aHelper(owner);
  await helper.claim(0);
  await eventually(() => owner.told()?.workers === 2 && !isOffered(owner, 0)(), "it has a piece");
  await eventually(isOffered(owner, 0), "the piece of a silent worker is offered again");
  expect(await helper.claim(0, 2)).toBe(true);
  // Who goes on after all is as good as any other: the first counts.
  const made = await helper.encode(0);
  expect(await helper.finish(0, made)).toBe(true);
  expect(await helper.finish(0, made, { attempt: 2 })).toBe(false);
  await eventually(() => owner.told()?.done === 2, "the piece is taken");

  // This one tells again and again that it goes on, and never ends.
  const signal = new AbortController().signal;
  let beats = 0;
  const beating = setInterval(() => {
    beats += 1;
    for (const at of [1, 2]) void owner.board.beat(at, 1, `${beats}`, signal);
  }, 30);
  for (const at of [1, 2]) await helper.claim(at);
  await eventually(() => owner.told()?.workers === 3, "it has both pieces");
  goOn.resolve();
  await eventually(() => owner.begun() === 4, "the owner makes them itself");
  const isClaimed = async (at: number) => (await owner.board.state(signal)).claims.has(at);
  await eventually(async () => !(await isClaimed(1)), "nobody is counted as at work at a piece that is there");
  expect(await isClaimed(2)).toBe(true);
  end.resolve();
  await owner.encoded;
  clearInterval(beating);
  expect(await owner.hashes()).toEqual(film.alone);
  expect(owner.problems).toEqual([]);
});

test("a storage that is away holds nothing up, and what was done meanwhile is taken when it is back", async () => {
  const storage = localStorage({ root: await makeFolder("flux-board-") });
  let isAway = false;
  const away = async () => {
    if (isAway) throw new Fault("delivery_failed", "the storage is away");
  };
  const flaky = {
    ...storage,
    create: async (...given: Parameters<NonNullable<typeof storage.create>>) =>
      (await away()) ?? (await storage.create?.(...given)) ?? false,
    stat: async (...given: Parameters<typeof storage.stat>) => (await away()) ?? (await storage.stat(...given)),
    async *list(...given: Parameters<typeof storage.list>) {
      await away();
      yield* storage.list(...given);
    },
  };
  const [goOn, isBack] = [moment(), moment()];
  const beforeOwn = async (begun: number) => (begun === 2 ? goOn.promise : begun === 3 ? isBack.promise : {});
  const owner = await anOwner(film, { storage: flaky, beforeOwn });
  await eventually(isOffered(owner, 0), "a piece is offered");
  const helper = await aHelper({ ...owner, board: owner.board });
  await helper.claim(0);
  await eventually(() => owner.told()?.workers === 2, "it has a piece");
  isAway = true;
  await eventually(() => owner.failures.length > 0, "the owner sees that the storage is away");
  goOn.resolve();
  await eventually(() => owner.begun() === 3, "the owner goes on alone");
  isAway = false;
  await helper.finish(0, await helper.encode(0));
  await eventually(() => owner.told()?.done === 3, "what was done is taken");
  isBack.resolve();
  expect((await owner.encoded)?.report.pieceWorkers).toEqual(new Map([[0, "helper"]]));
  expect(await owner.hashes()).toEqual(film.alone);
});

test("the next attempt of an owner that was drained goes on with all that is there, and a cancel leaves nothing", async () => {
  const never = moment();
  const beforeOwn = async (begun: number) => (begun > 1 ? never.promise : {});
  const owner = await anOwner(film, { beforeOwn });
  await eventually(isOffered(owner, 1), "two pieces are offered");
  const helper = await aHelper(owner);
  for (const at of [0, 1]) await helper.claim(at);
  await helper.finish(0, await helper.encode(0));
  await eventually(() => owner.told()?.done === 2, "the piece is taken");
  owner.drain();
  expect(await rejection(owner.encoded)).toMatchObject({ message: "drained" });
  expect((await owner.left()).length).toBeGreaterThan(3);

  await helper.finish(1, await helper.encode(1));
  // Somebody repeats the job meanwhile, because its owner is gone.
  const repeated = await anOwner(film, { storage: owner.storage, retryOf: owner.jobId });
  expect((await repeated.encoded)?.report.pieceWorkers?.size).toBe(2);
  expect([repeated.begun(), repeated.meter.usage().cpuSeconds]).toEqual([film.work.pieces.length - 2, 0]);
  expect(await repeated.hashes()).toEqual(film.alone);
  const other = await anOwner(await aFilm(1), { storage: owner.storage, retryOf: owner.jobId });
  expect((await other.encoded)?.report.workers).toBe(1);

  const goOn = moment();
  const before = { folder: owner.folder, jobId: owner.jobId };
  const next = await anOwner(film, { storage: owner.storage, before, beforeOwn: () => goOn.promise });
  await eventually(() => next.told()?.done === 3, "what others have done meanwhile is taken");
  expect(next.told()).toMatchObject({ board: helper.id });
  goOn.resolve();
  expect((await next.encoded)?.report.pieceWorkers?.size).toBe(2);
  expect(next.begun()).toBe(film.work.pieces.length - 3);
  expect(await next.hashes()).toEqual(film.alone);

  const cancelled = await anOwner(film, { beforeOwn });
  await eventually(isOffered(cancelled, 0), "a piece is offered");
  cancelled.cancel();
  expect(await rejection(cancelled.encoded)).toMatchObject({ message: "cancelled" });
  expect(await cancelled.left()).toEqual([`.flux/jobs/pieces/${cancelled.jobId}/ended.json`]);
});
