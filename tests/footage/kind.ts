import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Fault } from "#shared/fault.ts";
import { makeOutput, tiny } from "#tests/integration/ffmpeg/work.ts";
import { beep, flash, footage, type Maker } from "#tests/support/footage.ts";
import { rejection } from "#tests/support/outcome.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { distance, flashesOf, picturesIn, soundIn } from "#tests/support/sync.ts";
import type { Preset } from "#worker/presets/schema.ts";

export type Made = Awaited<ReturnType<typeof makeOutput>>;

/** A kind of source, and what must come out of it. */
export type Kind = {
  /** In words, for people. */
  kind: string;
  container: string;
  make: Maker;
  expected: Film | Sound | Stills | Refusal | Damaged;
};

/** What a film and a ladder of it must be, seen by what is decoded of them. */
export type Film = {
  /** Pictures, and how many of them a second. */
  pictures: number;
  rate: number;
  /** Of the film, whose short side has at most 72 pixels. */
  size?: string;
  /** When the picture begins to be white and the sound to be loud, where a source is marked so. */
  flashes?: readonly number[];
  beeps?: readonly number[];
  isSilent?: boolean;
  /** What else is to be seen or heard, and whether it is. */
  and?: string;
  also?(made: Made): Promise<unknown>;
  presets?: readonly Preset[];
} & Partial<Stills>;

/** Posters, previews and other outputs than films, and what must be seen in them. */
type Stills = { stills: readonly Preset[]; ofStill(made: Made): Promise<unknown>; and?: string };

/** A sound without pictures. */
type Sound = { seconds: number; beeps?: readonly number[]; and?: string };

/** What a client reads instead of an output; … stands for anything. */
type Refusal = { refused: string };

/** What a client reads of packets that cannot be decoded, when they are more than MAX_SOURCE_DAMAGE. */
type Damaged = { damaged: string };

const ladder = segmentedShapes.find(({ name }) => name === "hls_ts");
const soundAlone: Preset = {
  ...{ name: "sound", description: "For tests", output_type: "single", extension: "m4a" },
  audio: { codec: "aac", bitrate: "64k", channels: 2 },
};

export const films: readonly Preset[] = [tiny, ...(ladder ? [ladder] : [])];

/** The whole seconds from the first to before the last one. */
export const seconds = (end: number, start = 0) => Array.from({ length: end - start }, (_, at) => start + at);

/** A film that flashes and beeps at each whole second, and its source. */
export const marked = (length: number, more: Partial<Film> = {}): Film => ({
  ...{ pictures: length * 25, rate: 25, size: "128x72", flashes: seconds(length), beeps: seconds(length) },
  ...more,
});
export const both = (length: number) => [...flash({ seconds: length }), ...beep({ seconds: length })];

/** One test for each kind; `topic` is the file whose text says how they are made. */
export function testKinds(kinds: readonly Kind[], topic: string) {
  test.each(kinds.map((kind) => [kind.kind, kind] as const))("%s", async (_, kind) => {
    const input = await footage(kind.make, kind.container, [kind.kind, await Bun.file(topic).text()]);
    await check(input, kind.expected);
  });
}

async function check(input: string, expected: Kind["expected"]) {
  if ("refused" in expected) return checkRefusal(input, expected);
  if ("damaged" in expected) return checkDamage(input, expected);
  if ("seconds" in expected) return checkSound(await makeOutput(input, soundAlone), expected);
  if ("pictures" in expected) {
    for (const preset of expected.presets ?? films) await checkFilm(await makeOutput(input, preset), expected);
  }
  for (const preset of expected.stills ?? []) await expected.ofStill?.(await makeOutput(input, preset));
}

const matching = (words: string) => new RegExp(`^${words.replace(/[().]/g, "\\$&").replaceAll("…", ".+")}$`);

async function checkDamage(input: string, { damaged }: Damaged) {
  const { damage } = await makeOutput(input, tiny);
  expect(damage?.words).toMatch(matching(damaged));
  expect(damage?.share).toBeGreaterThan(0.1);
}

async function checkRefusal(input: string, { refused }: Refusal) {
  for (const preset of films) {
    // The error of a source that is read once is the same object each time, into which toMatchObject writes its matchers.
    const { kind, message } = (await rejection(makeOutput(input, preset))) as Fault;
    expect({ kind, isRight: matching(refused).test(message), message }).toMatchObject({
      kind: "source_failed",
      isRight: true,
    });
  }
}

async function checkSound({ dir, planned }: Made, { seconds: length, beeps }: Sound) {
  const sound = await soundIn(join(dir, planned.entry));
  expect(Math.abs(sound.endSeconds - length)).toBeLessThan(0.1);
  if (beeps) expectTimes(sound.beeps, beeps);
}

async function checkFilm(made: Made, expected: Film) {
  const { pictures: entries, sound } = tracksOf(made);
  const renditions = await Promise.all(entries.map(picturesIn));
  const begin = renditions[0]?.[0]?.seconds ?? 0;
  for (const pictures of renditions) {
    expect(Math.abs(pictures.length - expected.pictures)).toBeLessThanOrEqual(1);
    expect(pictures).toHaveLength(renditions[0]?.length ?? 0);
    expect(Math.abs((pictures[0]?.seconds ?? 0) - begin)).toBeLessThan(0.001);
    expectSteady(
      pictures.map((picture) => picture.seconds),
      expected.rate,
    );
    if (expected.flashes) expectTimes(since(begin, flashesOf(pictures)), expected.flashes);
  }
  const beeps = await checkBeside(sound, begin, expected);
  if (expected.flashes && expected.beeps && expected.flashes.length === expected.beeps.length) {
    expect(distance({ flashes: flashesOf(renditions[0] ?? []), beeps: beeps ?? [] })).toBeLessThan(0.041);
  }
  if (expected.size) expectShape(await pictureOf(entries[0] ?? ""), made, expected.size);
  await expected.also?.(made);
}

async function checkBeside(entry: string | undefined, begin: number, { pictures, rate, isSilent, beeps }: Film) {
  if (entry === undefined) {
    expect(isSilent).toBe(true);
    return undefined;
  }
  const sound = await soundIn(entry);
  expect(isSilent).toBeUndefined();
  expect(Math.abs(sound.endSeconds - begin - pictures / rate)).toBeLessThan(0.1);
  if (beeps) expectTimes(since(begin, sound.beeps), beeps);
  return sound.beeps;
}

const since = (begin: number, times: readonly number[]) => times.map((time) => time - begin);

// Sound that begins a little before the pictures moves them by as much, and each is shown at the next tick of its rate.
const tolerance = 0.05;

/** As many as there should be, each where it belongs. */
function expectTimes(found: readonly number[], wanted: readonly number[]) {
  expect(found).toHaveLength(wanted.length);
  const late = found.map((time, at) => time - (wanted[at] ?? 0)).filter((off) => Math.abs(off) > tolerance);
  expect(late).toEqual([]);
}

/** Every picture is shown as long as the others. */
function expectSteady(times: readonly number[], rate: number) {
  const uneven = times.slice(1).filter((time, at) => Math.abs(time - (times[at] ?? 0) - 1 / rate) > 0.0015);
  expect(uneven).toEqual([]);
}

function expectShape({ width, height }: { width: number; height: number }, { planned }: Made, size: string) {
  if (planned.outputType === "single") return expect(`${width}x${height}`).toBe(size);
  const [wide = 1, high = 1] = size.split("x").map(Number);
  expect(Math.abs(width / height / (wide / high) - 1)).toBeLessThan(0.05);
}

/** What can be opened of an output: each rendition of the picture, and one of the sound. */
export function tracksOf({ dir, planned, files, source }: Made): { pictures: string[]; sound: string | undefined } {
  const entry = join(dir, planned.entry);
  const master = files.find(({ name }) => name === planned.entry)?.text ?? "";
  const variants = master.split("\n").filter((line) => line.endsWith(".m3u8") && !line.startsWith("#"));
  const group = /TYPE=AUDIO.*URI="([^"]+)"/.exec(master)?.[1];
  const hasSound = source.audio.length > 0;
  if (variants.length === 0) return { pictures: [entry], sound: hasSound ? entry : undefined };
  const [first = ""] = variants;
  return {
    pictures: [...new Set(variants)].map((name) => join(dir, name)),
    sound: hasSound ? join(dir, group ?? first) : undefined,
  };
}
