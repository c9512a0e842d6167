import { expect, test } from "bun:test";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { faultIn } from "#shared/fault.ts";
import { anOrder } from "#tests/support/orders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { checkWorkers, sharedOrder, wantedWorkers } from "#worker/pieces/wanted-workers.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const asked = (of: MessageInitShape<typeof JobRequestSchema>) => create(JobRequestSchema, { workers: 4, ...of });

test.each([
  [presetNamed(presets, "hls_720p"), { output: { publish: "progressive" } }, "one worker"],
  [presetNamed(presets, "audio_aac"), {}, "audio_aac makes no video"],
  [{ name: "mine", description: "", output_type: "single", extension: "mp4", ffmpeg_args: [] }, {}, "mine's own"],
  [presetNamed(presets, "720p_h264"), { workers: 33 }, "from 1 to 32"],
  [presetNamed(presets, "720p_h264"), { workers: -1 }, "from 1 to 32"],
] as const)("refuses workers for %o %o", (preset, of, words) => {
  const fault = faultIn(() => checkWorkers(asked(of), preset));
  expect(fault).toMatchObject({ kind: "invalid", fields: [{ field: "workers" }] });
  expect(fault?.message).toContain(words);
});

test("a default refuses nothing: what cannot be shared has one worker", () => {
  const wanted = (preset: string, of = {}) =>
    wantedWorkers(asked({ workers: 0, splitWorkers: 4, ...of }), presetNamed(presets, preset));
  expect(wanted("720p_h264")).toBe(4);
  expect(wanted("720p_h264", { workers: 1 })).toBe(1);
  expect(wanted("audio_aac")).toBeUndefined();
  expect(wanted("hls_720p", { output: { publish: "progressive" } })).toBeUndefined();
  const alone = asked({ workers: 1, output: { publish: "progressive" } });
  expect(faultIn(() => checkWorkers(alone, presetNamed(presets, "hls_720p")))).toBeUndefined();
});

test("a storage of records that cannot keep claims refuses who asks, and nobody else", async () => {
  const order = anOrder({ workers: 4 });
  const sharing = (canClaim: () => Promise<boolean>) => ({ isKnown: () => false, canClaim });
  const cannot = sharing(async () => false);
  expect(await rejection(sharedOrder(order, asked({}), cannot))).toMatchObject({ fields: [{ field: "workers" }] });
  expect((await sharedOrder(order, asked({ workers: 0, splitWorkers: 4 }), cannot)).workers).toBeUndefined();
  expect((await sharedOrder(order, asked({}), { ...cannot, isKnown: () => true })).workers).toBe(4);
  const away = sharing(() => Promise.reject(new Error("away")));
  expect((await sharedOrder(order, asked({}), away)).workers).toBe(4);
});
