import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { makeSemaphore } from "#shared/async/semaphore.ts";
import { clip } from "#tests/support/clips.ts";
import { rejection } from "#tests/support/outcome.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { anyCapabilities, capabilitiesOf } from "#worker/ffmpeg/capabilities.ts";
import { run } from "#worker/ffmpeg/run.ts";
import { makeAdmit } from "#worker/jobs/admit.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { parsePresets } from "#worker/presets/parse.ts";
import { makePlanSource } from "#worker/run/plan-source.ts";
import type { OpenSource } from "#worker/source/source.ts";

const usual = [presetNamed(await loadPresets(), "720p_h264")];
const withoutVmaf = capabilitiesOf({ text: "5.1", major: 5, minor: 1 }, ["encoder:libx264", "encoder:aac"]);

/** A worker with one slot whose sources are opened so. */
async function workerWith(
  openSource: OpenSource,
  { isDraining = false, presets = usual, ffmpeg = anyCapabilities } = {},
) {
  const folder = await temporaryFolder();
  const slots = makeSemaphore(1);
  const stop = new AbortController();
  let occupations = 0;
  const occupy = () => {
    occupations += 1;
    return () => {
      occupations -= 1;
    };
  };
  const planSource = makePlanSource({
    ...{ openSource, maxSourceBytes: 1e9, workDir: folder.path, stopSignal: stop.signal },
    admit: makeAdmit({ registry: { isDraining, occupy }, slots }),
    ...{ spawn: Promise.resolve(run), ffmpeg: Promise.resolve(ffmpeg) },
  });
  return {
    stop: () => stop.abort(),
    plan: (timeoutMs = 60_000, signal = new AbortController().signal) =>
      planSource({ inputUrl: "https://example.com/a.mp4", presets, ordered: (preset) => preset, timeoutMs, signal }),
    /** What a plan takes while it goes on. */
    taken: async () => ({ slots: slots.inUse, occupations, folders: (await readdir(folder.path)).length }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const nothing = { slots: 0, occupations: 0, folders: 0 };

/** A source that never comes: resolves `asked` when it is asked for. */
function silentSource() {
  const asked = Promise.withResolvers<void>();
  const open: OpenSource = (_url, _dir, signal) => {
    asked.resolve();
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  return { open, asked: asked.promise };
}

test("a plan keeps its worker up, has a slot and a folder, and gives all of it back", async () => {
  const path = await clip();
  const during: unknown[] = [];
  await using worker = await workerWith(async () => {
    during.push(await worker.taken());
    return { path, bytes: Bun.file(path).size };
  });
  const { source, plans } = await worker.plan();
  expect(source).toMatchObject({ container: "mp4", bytes: Bun.file(path).size });
  expect(plans).toMatchObject([{ renditions: [{ name: "output.mp4", width: 160, height: 90 }] }]);
  expect(during).toEqual([{ slots: 1, occupations: 1, folders: 1 }]);
  expect(await worker.taken()).toEqual(nothing);
});

const film =
  "description: d\nvideo: { codec: h264, renditions: [{ size: 24, crf: 30, maxrate: 100k, bufsize: 200k }] }\n";
const asking = (settings: string) => parsePresets(`name: asking\n${settings}\n${film}`, "asking.yaml").presets;

test.each([
  ["to measure", "measure: vmaf", anyCapabilities, "source_failed", "too small to be measured"],
  ["to aim at a quality", "quality: { vmaf: 93 }", withoutVmaf, "invalid", "has no libvmaf"],
])(
  "a preset that asks %s what cannot be is refused as its order is, and the others are planned",
  async (_, settings, ffmpeg, kind, why) => {
    const path = await clip();
    const presets = [...asking(settings), ...usual];
    await using worker = await workerWith(async () => ({ path, bytes: Bun.file(path).size }), { presets, ffmpeg });
    const { plans } = await worker.plan();
    expect(plans).toMatchObject([
      { renditions: [], error: { kind, message: expect.stringContaining(why) } },
      { renditions: [{ name: "output.mp4" }] },
    ]);
  },
);

test("one that takes longer than it may is a timeout, and leaves nothing", async () => {
  await using worker = await workerWith(silentSource().open);
  expect(await rejection(worker.plan(20))).toMatchObject({ kind: "timeout" });
  expect(await worker.taken()).toEqual(nothing);
});

test("one whose worker stops is for another to make", async () => {
  const { open, asked } = silentSource();
  await using worker = await workerWith(open);
  const planned = rejection(worker.plan());
  await asked;
  expect(await rejection(worker.plan())).toMatchObject({ kind: "busy", message: expect.stringContaining("no slot") });
  worker.stop();
  expect(await planned).toMatchObject({ kind: "busy", message: "the worker stops" });
  expect(await worker.taken()).toEqual(nothing);
});

test("one whose client leaves ends with its reason", async () => {
  const { open, asked } = silentSource();
  await using worker = await workerWith(open);
  const leaving = new AbortController();
  const planned = rejection(worker.plan(60_000, leaving.signal));
  await asked;
  leaving.abort(new Error("gone"));
  expect(await planned).toMatchObject({ message: "gone" });
  expect(await worker.taken()).toEqual(nothing);
});

test("a draining worker makes none", async () => {
  await using worker = await workerWith(silentSource().open, { isDraining: true });
  expect(await rejection(worker.plan())).toMatchObject({ kind: "busy", message: "the worker is draining" });
});
