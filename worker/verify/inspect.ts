import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { together } from "#shared/async/together.ts";
import { ignoring } from "#shared/errors.ts";
import { isFault } from "#shared/fault.ts";
import { captionsIn } from "#worker/ffmpeg/captions.ts";
import type { HdrSideData } from "#worker/ffmpeg/hdr-side-data.ts";
import { measure } from "#worker/ffmpeg/measure.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { readPlainMovie } from "#worker/ffmpeg/plain-movie.ts";
import { readPlainSegment } from "#worker/ffmpeg/plain-segment.ts";
import { run, type Spawn, type Spawning } from "#worker/ffmpeg/run.ts";
import { tracksOf } from "#worker/manifests/tracks.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { mustHoldCaptions } from "./captions.ts";
import { damageOf, decodable } from "./decode.ts";
import { shownTexts } from "./embedded-texts.ts";
import { hdrIn, isMadeOfHdr } from "./hdr.ts";
import type { OutputFile } from "./output-file.ts";
import { makeSegmentInspector, type SegmentInspector } from "./segment-inspector.ts";

type Options = {
  /** Media that were delivered and may be gone, and their sizes. */
  delivered?: ReadonlyMap<string, number>;
  /** Has inspected the segments that were delivered. Default: a new one, which has inspected none. */
  inspector?: SegmentInspector;
  spawn?: Spawn;
  /** Decodes everything; nothing may be gone then. */
  full?: boolean;
};

/** How many processes look at files at a time: of each rendition there is one file or two. */
const mostTogether = 4;

/** Looks at what an encode left, and at nothing else of the media that were `delivered` and removed than their sizes. */
export async function inspectOutputs(
  plan: Plan,
  dir: string,
  signal: AbortSignal,
  { delivered = new Map(), inspector = makeSegmentInspector(plan), spawn = run, full = false }: Options = {},
): Promise<OutputFile[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  // Never follows a link: what ffmpeg wrote is as hostile as what it read.
  const names = entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  const gone = [...delivered].filter(([name]) => !names.includes(name)).map(([name, bytes]) => ({ name, bytes }));
  const looked = await together(mostTogether, names, async (name): Promise<OutputFile> => {
    return { ...(await inspect(plan, join(dir, name), { signal, spawn })), isHere: true };
  });
  const files = [...gone, ...looked];
  for (const name of names) await inspector.inspect(join(dir, name));
  const hdr = isMadeOfHdr(plan) ? await hdrOfFragments(plan, files, dir, { signal, spawn }) : new Map();
  const known = files.map((file) => ({
    ...file,
    contents: inspector.contents.get(file.name),
    ...(inspector.captioned.has(file.name) && { hasCaptions: true }),
    ...(hdr.has(file.name) && { hdr: hdr.get(file.name) }),
  }));
  return full ? decoded(plan, known, dir, { signal, spawn }) : known;
}

async function decoded(plan: Plan, files: readonly OutputFile[], dir: string, asking: Spawning): Promise<OutputFile[]> {
  const damages = new Map<string, string>();
  for (const one of decodable(plan, files)) {
    const damage = await damageOf(one, dir, asking);
    if (damage !== undefined) damages.set(one.name, damage);
  }
  const [entry] = plan.entries;
  return files.map((file) => {
    // A representation of DASH has no file of its own.
    const unnamed = [...damages].find(([name]) => file.name === entry && !files.some((other) => other.name === name));
    const damage = damages.get(file.name) ?? unnamed?.[1];
    return damage === undefined ? file : { ...file, damage };
  });
}

/** What the samples of fragmented MP4 say of HDR, by their names. */
async function hdrOfFragments(
  { entries: [entry = ""], samples }: Plan,
  files: readonly OutputFile[],
  dir: string,
  asking: Spawning,
) {
  const tracks = tracksOf(entry, (name) => files.find((file) => file.name === name)?.text);
  const found = new Map<string, HdrSideData>();
  for (const { init, segments } of tracks) {
    const sample = segments.find(({ name }) => samples.includes(name))?.name;
    const isThere = [init, sample].every((one) => files.some(({ name }) => name === one));
    if (init === undefined || sample === undefined || !isThere) continue;
    found.set(sample, await hdrIn([join(dir, init), join(dir, sample)], asking));
  }
  return found;
}

async function inspect(plan: Plan, path: string, asking: Spawning): Promise<OutputFile> {
  const name = basename(path);
  const bytes = (await stat(path)).size;
  if (/\.(m3u8|mpd|vtt)$/.test(name)) return { name, bytes, text: await readFile(path, "utf8") };
  if (/\.(jpg|webp)$/.test(name)) return { name, bytes, ends: await endsOf(path, bytes) };
  const isWorth = !plan.isMedia(name) || plan.samples.includes(name);
  if (!isWorth || bytes === 0) return { name, bytes };
  if (plan.segments && /\.(m4s|mp4)$/.test(name)) {
    const head = await Bun.file(path).slice(0, headLength).bytes();
    return { name, bytes, head, ...(!plan.isMedia(name) && { probe: await probeIfMedia(path, asking) }) };
  }
  return { name, bytes, ...(await inspectMedia(plan, path, asking)) };
}

async function inspectMedia(plan: Plan, path: string, asking: Spawning): Promise<Partial<OutputFile>> {
  const probe = await probeIfMedia(path, asking);
  if (!probe) return { probe };
  const mayBeHdr = probe.video?.packets && isMadeOfHdr(plan);
  const captions = mustHoldCaptions(plan, basename(path)) ? await captionsIn(probe, path, asking) : undefined;
  const hasTexts = plan.files.some(({ name, texts }) => texts && name === basename(path));
  const shown = hasTexts ? { shownTexts: await shownTexts(path, probe, asking) } : {};
  return { probe, ...shown, ...(mayBeHdr && { hdr: await hdrIn([path], asking) }), ...(captions && { captions }) };
}

// The index of a fragment of a minute is 50 KB long.
const headLength = 2 ** 20;

async function endsOf(path: string, bytes: number) {
  const file = Bun.file(path);
  return { first: await file.slice(0, 64).bytes(), last: await file.slice(Math.max(0, bytes - 64)).bytes() };
}

/** What a file holds, by our own readers where they are sure, else by ffprobe; undefined when it cannot be read as media. */
const probeIfMedia = (path: string, asking: Spawning) =>
  readMedia(path, asking).catch(ignoring((error) => isFault(error, "source_failed")));

async function readMedia(path: string, asking: Spawning): Promise<Probe> {
  if (!path.endsWith(".ts")) return (await readPlainMovie(path)) ?? (await measure(path, asking));
  // A short or silent sound is too little for ffmpeg to guess its container by.
  return (await readPlainSegment(path)) ?? (await measure(path, { ...asking, inputOptions: ["-f", "mpegts"] }));
}
