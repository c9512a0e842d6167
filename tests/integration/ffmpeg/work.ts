import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clip } from "#shared/job/clip.ts";
import { judgeFacts } from "#tests/support/judged-facts.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { judgePlaylists } from "#tests/support/playlists.ts";
import { checkRules } from "#tests/support/rules/check.ts";
import { encodeAsWorker, splitSeconds } from "#tests/support/split.ts";
import { prepareBurned } from "#worker/burn/prepare-burned.ts";
import { segmentKeyIn } from "#worker/delivery/encryption-key.ts";
import { outputFacts } from "#worker/facts/output.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { encode } from "#worker/ffmpeg/encode.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { run } from "#worker/ffmpeg/run.ts";
import { measureEntries } from "#worker/manifests/measure.ts";
import { closedAsVod } from "#worker/manifests/playlist.ts";
import type { FetchedOverlay } from "#worker/overlays/fetched-overlay.ts";
import { withTracks } from "#worker/plan/chosen-tracks.ts";
import { plan } from "#worker/plan/decide.ts";
import { joinedProbe } from "#worker/plan/joined.ts";
import type { Encoded, Place, Plan } from "#worker/plan/plan.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { FetchedSubtitle } from "#worker/subtitles/fetched-subtitle.ts";
import { damageOf } from "#worker/verify/damage.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import type { OutputFile } from "#worker/verify/output-file.ts";
import { comparePictures } from "#worker/verify/pictures/compare.ts";
import { makeSegmentInspector } from "#worker/verify/segment-inspector.ts";
import { verify } from "#worker/verify/verify.ts";

export const makeDir = () => makeFolder("flux-ffmpeg-");

/** The quickest encode, at most 72 pixels on the short side. */
export const tiny = {
  name: "tiny",
  description: "For tests",
  output_type: "single",
  extension: "mp4",
  video: {
    codec: "h264",
    speed: "ultrafast",
    gop_seconds: 2,
    renditions: [{ size: 72, crf: 40, maxrate: "200k", bufsize: "400k" }],
  },
  audio: { codec: "aac", bitrate: "48k", channels: 2 },
} as const satisfies Preset;

const { capabilities: ffmpeg } = probeCapabilities();

export const signal = new AbortController().signal;

const examined = new Map<string, ReturnType<typeof examine>>();

/** What a source is; it is read once for all presets that are tried on it. */
async function examineOnce(input: string) {
  const { size, mtimeMs } = await stat(input);
  const key = `${input} ${size} ${mtimeMs}`;
  const source = examined.get(key) ?? examine(input, { signal });
  examined.set(key, source);
  return structuredClone(await source);
}

export async function planFor(input: string, preset: Preset = tiny): Promise<Plan> {
  return plan(preset, await examineOnce(input), { input, outputDir: await makeDir(), stem: "clip" }, await ffmpeg);
}

/** Everything that an order makes of a source, checked as it is before delivery. */
export async function makeOutput(input: string, preset: Preset, part?: Clip, overlays: readonly FetchedOverlay[] = []) {
  return outputOf(await (part ? examine(input, { signal, clip: part }) : examineOnce(input)), preset, {
    input,
    overlays,
  });
}

/** The same with subtitles that are drawn into it, and what a client is told of them. */
export async function makeBurned(input: string, preset: Preset, subtitle: FetchedSubtitle, part?: Clip) {
  const source = await (part ? examine(input, { signal, clip: part }) : examineOnce(input));
  const given = {
    preset,
    probe: source,
    input,
    field: "subtitles.0",
    folder: join(await makeDir(), "it's [a], b; c:\\d"),
  };
  const { drawn, warnings } = await prepareBurned([subtitle], given, { signal, spawn: run });
  return { ...(await outputOf(source, preset, { input, ...drawn })), warnings };
}

type JoinedInput = { input: string; clip?: Clip };

/** The same of sources that are joined to one film. */
export async function makeJoined(
  inputs: readonly JoinedInput[],
  preset: Preset,
  overlays: readonly FetchedOverlay[] = [],
) {
  const examineOne = async ({ input, clip }: JoinedInput) => {
    const probe = await (clip ? examine(input, { signal, clip }) : examineOnce(input));
    return { input, probe };
  };
  const source = joinedProbe(await Promise.all(inputs.map(examineOne)), preset);
  return outputOf(source, preset, { input: "", overlays });
}

async function outputOf(
  whole: Probe,
  preset: Preset,
  { input, ...laid }: Pick<Place, "input" | "overlays" | "burned">,
) {
  const dir = await makeDir();
  const keyInfoFile = await keyInfoFor(preset);
  const source = withTracks(preset, whole);
  const place = { input, outputDir: dir, stem: "my clip", ...laid, ...(keyInfoFile && { keyInfoFile }) };
  const capabilities = await ffmpeg;
  const planned = plan(preset, source, place, capabilities);
  const planWith = (encoded: Encoded) => plan(preset, source, { ...place, ...encoded }, capabilities);
  const report = await encodeAsWorker({ planned, planWith, source, input }, splitSeconds, options);
  const inspector = makeSegmentInspector(planned, keyInfoFile ? await segmentKeyIn(keyInfoFile) : undefined);
  await measureEntries(planned, { inspector });
  const damage = damageOf(source, report);
  const files = await inspectOutputs(planned, dir, signal, { full: true, inspector });
  verify(planned, files, report, damage ? undefined : source);
  if (!damage) await comparePictures({ plan: planned, files, report, source, input }, { signal, spawn: run });
  judgePlaylists(planned, files);
  if (planned.segments) checkRules(planned.entries, files.map(asDelivered));
  const facts = await outputFacts(planned, files);
  await judgeFacts(facts, dir);
  return { dir, planned, source, files, damage, facts, report };
}

/** As it is written when it is delivered. */
export const asDelivered = (file: OutputFile) =>
  file.text !== undefined && file.name.endsWith(".m3u8") ? { ...file, text: closedAsVod(file.text) } : file;

/** The file that names the key of a preset that encrypts; undefined for other presets. */
export async function keyInfoFor(preset: Preset) {
  if (!("segments" in preset) || !preset.segments.encryption) return undefined;
  const dir = await makeDir();
  await Bun.write(join(dir, "key"), new Uint8Array(16).fill(7));
  await Bun.write(join(dir, "info"), `https://keys.example.com/1\n${join(dir, "key")}\n${"5".repeat(32)}\n`);
  return join(dir, "info");
}

const options = { signal, stallMs: 60_000 };

export const encodeAll = (planned: Plan) => Array.fromAsync(encode(planned, options));
