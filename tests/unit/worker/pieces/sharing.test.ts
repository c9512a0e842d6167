import { expect, test } from "bun:test";
import { packets, planned, source } from "#tests/support/plan-sources.ts";
import type { PiecesProgress } from "#worker/pieces/encode-pieces.ts";
import { makeSharing, type SharingRules } from "#worker/pieces/sharing.ts";

const { film } = planned("hls_720p", source({ packets: packets() }));
const pieces = [0, 1, 2, 3, 4].map((at) => ({ from: at * 48, to: (at + 1) * 48 }));

/** What an owner tells of five pieces, of which these are claimed and those are done. */
function told(workers: number, { claimed, done }: { claimed: readonly number[]; done: readonly number[] }) {
  const heard: PiecesProgress[] = [];
  const options = { stored: {}, onProgress: (now: PiecesProgress) => heard.push(now) };
  const sharing = makeSharing(
    ...([{ film, pieces }, { workers, maxAttempts: 3 } as SharingRules, options, []] as unknown as Parameters<
      typeof makeSharing
    >),
  );
  for (const at of claimed) sharing.claims.saw(at, 1, "1");
  sharing.looked("board", {
    inputs: new Set([0, 1, 2, 3]),
    claims: new Map(claimed.map((at) => [at, 1])),
    done: new Set(done),
    isEnded: false,
  });
  sharing.begin(4);
  sharing.publish();
  return heard.at(-1);
}

test("who has a piece that is not there yet is at work, and the owner is", () => {
  expect(told(4, { claimed: [0, 1], done: [0] })).toMatchObject({ workers: 2, done: 0, open: [2, 3] });
});

test("no more are at work than the order asks for, whoever has finished one and taken the next since the last look", () => {
  expect(told(3, { claimed: [0, 1, 2, 3], done: [] })?.workers).toBe(3);
});
