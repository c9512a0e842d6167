import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { Fault, faultIn } from "#shared/fault.ts";
import { askedOverlays, checkOverlays } from "#worker/overlays/asked-overlays.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const checkInput = (url: string) => {
  if (url.includes("127.0.0.1")) throw new Fault("invalid", "is a private address");
};
const url = "https://example.com/logo.png";
const fieldsOf = (overlay: object[], preset = "720p_h264", more: object = {}) =>
  faultIn(() =>
    checkOverlays(create(JobRequestSchema, { overlay, ...more }), presetNamed(presets, preset), checkInput),
  )?.fields.map(({ field }) => field);

test("what a peer sends is taken as it was ordered", () => {
  const overlay = { url, position: "top", width: "12.5%", margin: "0", opacity: 0.5, start: 0, end: 3 };
  expect(askedOverlays(create(JobRequestSchema, { overlay: [overlay, { url, width: "200" }] }))).toEqual({
    overlay: [
      { url, position: "top", width: "12.5%", margin: 0, opacity: 0.5, start: 0, end: 3 },
      { url, width: 200 },
    ],
  });
  expect(askedOverlays(create(JobRequestSchema, {}))).toEqual({});
});

test("what may not be fetched, drawn or shared is refused by its field", () => {
  expect(fieldsOf([{ url }])).toBeUndefined();
  expect(fieldsOf([{ url }, { url: "http://127.0.0.1/logo.png" }])).toEqual(["overlay.1.url"]);
  expect(fieldsOf([{ url: "upload:01a22dd8-8f8f-7100-9520-dcebba34de71@acme" }])).toEqual(["overlay.0.url"]);
  expect(fieldsOf([{ url, width: "10%,movie=/etc/passwd" }])).toEqual(["overlay.0.width"]);
  expect(fieldsOf([{ url, width: "101%" }])).toEqual(["overlay.0.width"]);
  expect(fieldsOf([{ url, position: "top:x" }])).toEqual(["overlay.0.position"]);
  expect(fieldsOf([{ url, opacity: Number.NaN }])).toEqual(["overlay.0.opacity"]);
  expect(fieldsOf([{ url, start: Number.POSITIVE_INFINITY }])).toEqual(["overlay.0.start"]);
  expect(fieldsOf([{ url, start: 2, end: 2 }])).toEqual(["overlay.0.end"]);
  expect(fieldsOf(Array(5).fill({ url }))).toEqual(["overlay"]);
  expect(fieldsOf([{ url }], "audio_aac")).toEqual(["overlay"]);
  expect(fieldsOf([{ url }], "poster")).toBeUndefined();
  expect(fieldsOf([{ url }], "hls_720p", { workers: 4 })).toEqual(["workers"]);
});
