/** Random parts of sources of every kind: `bun run test:clips`. CI takes a few that are chosen. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { makeOutput, tiny } from "#tests/integration/ffmpeg/work.ts";
import { clipSources } from "#tests/support/clip-sources.ts";
import { expectedNumbers, type Judged, judgedSource, momentOf, toneShift } from "#tests/support/judged-clip.ts";
import { numbered, numbersIn } from "#tests/support/numbered.ts";
import { pictureEnd } from "#worker/plan/input.ts";
import { constantRate, perSecond } from "#worker/plan/rate.ts";

/** How many parts of each source are tried. */
const each = Number(process.env["CLIPS"] ?? 11);
/** A frame of AAC. */
const mostShift = 1_024 / 48_000;
const random = makeRandom(Number(process.env["SEED"] ?? 20_261_130));

test.each(Object.entries(clipSources))("random parts of %s", async (_, made) => {
  const input = await numbered(made);
  const source = await judgedSource(input);
  const last = (source.pictures.at(-1)?.seconds ?? 0) - 0.2;
  const problems: string[] = [];
  for (let at = 0; at < each; at += 1) {
    const start = rounded(random() * last);
    // Some go on to the end.
    const part = at % 8 === 7 ? { start } : { start, end: rounded(start + 0.1 + random() * Math.min(4, last - start)) };
    const problem = await problemOf(input, source, part).catch((error) => String(error));
    if (problem !== undefined) problems.push(`${part.start}-${part.end ?? ""}: ${problem}`);
  }
  expect(problems).toEqual([]);
});

/** What is wrong with a part: each picture must be that of the source, each tone must lie where it does there. */
async function problemOf(input: string, source: Judged, part: { start: number; end?: number }) {
  const { dir, source: probe, damage } = await makeOutput(input, tiny, part);
  const output = join(dir, "output.mp4");
  const { video, clip } = probe;
  if (!video || !clip) return "it has no picture";
  const interval = Math.min(video.packets?.shortInterval ?? 0, 0.1);
  const from = momentOf(source, part.start, interval);
  const to =
    part.end === undefined
      ? clip.start + (pictureEnd(probe, video, probe.audio) ?? 0)
      : momentOf(source, part.end, interval);
  const wanted = expectedNumbers(source, from, to, perSecond(constantRate(video)));
  const found = await numbersIn(output);
  if (found.join() !== wanted.join())
    return `shows ${found.length} ${brief(found)}, not ${wanted.length} ${brief(wanted)}`;
  const shift = (await toneShift(source, output, from, to)) ?? 0;
  return Math.abs(shift) > mostShift ? `sound is off by ${(shift * 1_000).toFixed(1)} ms` : damage?.words;
}

function brief(numbers: readonly number[]) {
  return `${numbers.slice(0, 6).join()}..${numbers.slice(-3).join()}`;
}

function rounded(seconds: number) {
  return Math.round(seconds * 1_000) / 1_000;
}

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function makeRandom(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
