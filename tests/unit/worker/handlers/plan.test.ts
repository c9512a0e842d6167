import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobRequestSchema, PlanResponseSchema } from "#proto/worker/v1/worker_pb.js";
import { invalidField } from "#shared/fault.ts";
import { rejection } from "#tests/support/outcome.ts";
import { planHandlers } from "#worker/handlers/plan.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import type { PlanSource, PresetPlan } from "#worker/run/plan-source.ts";

type Asked = Parameters<PlanSource>[0];

const presets = await loadPresets();
const source = { container: "mp4", bytes: 1, audio: [], subtitles: [] };

/** Asks the handlers, whose dry runs end so; tells what they were asked for. */
async function answered(request: Parameters<typeof create<typeof JobRequestSchema>>[1], warnings: string[] = []) {
  const asked: Asked[] = [];
  const planSource: PlanSource = async (one) => {
    asked.push(one);
    const plan = (preset: Asked["presets"][number]): PresetPlan => ({ preset, renditions: [], dropped: [], warnings });
    return { source, plans: one.presets.map(plan) };
  };
  const checkInput = (url: string) => {
    if (!url.startsWith("https:")) throw invalidField("input_url", "begin it with https:");
  };
  const { plan } = planHandlers({ planSource, rules: { presets, checkInput }, checkCanAccept: async () => {} });
  const message = create(JobRequestSchema, { inputUrl: "https://example.com/a.mp4", ...request });
  const answer = create(PlanResponseSchema, await plan(message, new AbortController().signal));
  return { answer, asked: asked.map(({ timeoutMs, ...rest }) => ({ timeoutMs, presets: rest.presets.length })) };
}

test.each([
  [0n, 600_000],
  [5_000n, 5_000],
  [-5n, 600_000],
  [2n ** 62n, 600_000],
])("a limit of %i ms is one of %i ms", async (timeoutMs, limit) => {
  const { asked } = await answered({ timeoutMs, preset: "720p_h264" });
  expect(asked).toEqual([{ timeoutMs: limit, presets: 1 }]);
});

test("without a preset all are planned, in their order", async () => {
  const { answer } = await answered({});
  expect(answer.presets.map(({ preset }) => preset)).toEqual([...presets.keys()]);
  expect(answer.presets[0]?.outputType).toBe(presetNamed(presets, "240p_fast").output_type);
});

test("what is wrong is named before a source is asked for", async () => {
  const fields = async (request: object) => {
    const { fields } = (await rejection(answered(request))) as { fields: { field: string }[] };
    return fields.map(({ field }) => field);
  };
  expect(await fields({ inputUrl: "ftp://a/", preset: "none" })).toEqual(["input_url", "preset"]);
  const overlay = [{ url: "https://a/logo.png" }, { url: "ftp://a/logo.png" }];
  expect(await fields({ overlay, preset: "720p_h264" })).toEqual(["overlay.1.url"]);
  expect(await fields({ overlay: overlay.slice(0, 1), preset: "audio_mp3" })).toEqual(["overlay"]);
  expect(await fields({ inputUrl: `https://a/${"a".repeat(100_000)}` })).toEqual(["input_url"]);
});

test("an answer has room for what any source says of itself", async () => {
  const { answer } = await answered(
    {},
    Array.from({ length: 300 }, () => "a title ".repeat(100_000)),
  );
  for (const { warnings } of answer.presets) expect(warnings.join("").length).toBeLessThan(20_000);
});
