import { beforeAll, expect, test } from "bun:test";
import { chosen, pieceRig, pieces, timesOf } from "./piece-rig.ts";

// Who shares a film encodes its sounds behind the first piece.
const more = { workers: 2 };
const rig = pieceRig();
let undisturbed: string;

beforeAll(async () => {
  undisturbed = await rig.undisturbed(more);
});

const points = [
  { point: "before sound", kept: 1, heard: 1 },
  { point: "after sound", kept: 1, heard: 0 },
  { point: "before piece 2", kept: 1, heard: 0 },
  { point: "after piece 3", kept: 3, heard: 0 },
  { point: "before join", kept: pieces, heard: 0 },
  { point: "before commit", kept: pieces, heard: 0 },
];

test.each(chosen(points, [3]))(
  "the owner of a shared film who dies $point encodes what is whole no second time, and its sounds once",
  async ({ point, kept, heard }) => {
    expect(await rig.killedAt(point, { more })).toEqual({ content: undisturbed, encoded: pieces - kept, heard });
  },
);

test.each(chosen(["SIGKILL", "SIGTERM"] as const, [0]))(
  "an owner that gets in the middle of its sounds a %s loses those alone",
  async (signal) => {
    const { worker: ended, jobId } = await rig.encoding("sound", { more });
    ended.kill(signal);
    await ended.exited;
    const notes = await rig.notesOf(jobId);
    const isHeard = notes.includes("sound.json");

    await using worker = await rig.startNext();
    expect(await rig.completed(jobId)).toBe(undisturbed);
    expect(timesOf(worker, "before sound")).toBe(isHeard ? 0 : 1);
    expect(timesOf(worker, "before piece")).toBe(pieces - notes.length + (isHeard ? 1 : 0));
    await rig.nothingLeft();
  },
);
