import { beforeAll, expect, test } from "bun:test";
import { readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { testWithVmaf } from "#tests/support/quality.ts";
import { chosen, isSettled, pieceRig, pieces, seconds, timesOf } from "./piece-rig.ts";

const rig = pieceRig();
const { completed, files, killedAt, piecesOf } = rig;
let undisturbed: string;

beforeAll(async () => {
  undisturbed = await rig.undisturbed();
});

test("pieces of another source at the same address are not used", async () => {
  const first = files["film.mp4"] ?? "";
  files["film.mp4"] = await clip({ seconds, blackSeconds: 1 });
  try {
    const other = await rig.undisturbed();
    files["film.mp4"] = first;
    const made = await killedAt(isSettled.point, {
      async change(jobId) {
        files["film.mp4"] = await clip({ seconds, blackSeconds: 1 });
        // As a restart of the machine makes it: the source is fetched again.
        await rm(join(dirname(piecesOf(jobId)), "source", "whole.json"));
      },
    });
    expect(made).toMatchObject({ content: other, encoded: pieces });
    expect(other).not.toBe(undisturbed);
  } finally {
    files["film.mp4"] = first;
  }
});

test("pieces of another overlay at the same address are not used", async () => {
  const picture = async (color: string) => {
    files["logo.png"] = join(rig.home(), `${color}.png`);
    const source = `color=c=${color}:size=64x64:duration=1:rate=1,format=rgba`;
    await runFfmpeg(["-f", "lavfi", "-i", source, "-frames:v", "1", files["logo.png"]]);
  };
  await picture("red");
  const more = { overlay: [{ url: rig.sourceUrl("logo.png") }] };
  const { encoded } = await killedAt(isSettled.point, { change: () => picture("blue"), more });
  expect(encoded).toBe(pieces);
});

testWithVmaf("a quality is aimed at once, and what was encoded for it is kept", async () => {
  await using dying = await rig.startDying(isSettled.point);
  const jobId = await rig.submit({ quality: { vmaf: 90 } });
  expect(await dying.exited).toBe(137);
  expect(dying.said).toContain("before aim");
  await using worker = await rig.startNext();
  await completed(jobId);
  expect(worker.said).not.toContain("before aim");
  expect(timesOf(worker, "before piece")).toBe(pieces - isSettled.kept);
});

const damages: Readonly<Record<string, (path: string, dir: string) => Promise<unknown>>> = {
  "is cut off": async (path) => truncate(path, Math.floor((await stat(path)).size / 2)),
  "is empty": (path) => truncate(path, 0),
  "is gone": (path) => rm(path),
  "has other bytes": async (path) => {
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0, 1_000, 1_400));
  },
  "is another one": async (path, dir) => writeFile(path, await readFile(join(dir, "0", "0.1.mp4"))),
  "has no note": (_, dir) => rm(join(dir, "1.json")),
  "has a damaged note": (_, dir) => writeFile(join(dir, "1.json"), "{"),
  "is another rendition": async (path, dir) => writeFile(path, await readFile(join(dir, "1", "1.1.mp4"))),
};

test.each(chosen(Object.keys(damages), [3, 6]))("a piece that %s is encoded again, and no other", async (how) => {
  const made = await killedAt(isSettled.point, {
    async change(jobId) {
      const dir = piecesOf(jobId);
      await damages[how]?.(join(dir, "1", "0.1.mp4"), dir);
    },
  });
  expect(made).toMatchObject({ content: undisturbed, encoded: pieces - isSettled.kept + 1 });
});
