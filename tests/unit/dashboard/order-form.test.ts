import { expect, test } from "bun:test";
import * as v from "valibot";
import { ApiFault } from "#client/client.ts";
import { planOrder } from "#controlplane/orders/plan-order.ts";
import {
  emptyForm,
  type Form,
  faultIn,
  faultOf,
  filmsIn,
  noFault,
  orderFor,
  planOrderFor,
} from "#dashboard/order-form.ts";
import { noOverlay } from "#dashboard/overlay-form.ts";
import { noSubtitles } from "#dashboard/subtitle-form.ts";

const source = "https://example.com/films/a.mp4";
const filled = { ...emptyForm, preset: "720p_h264" };

test("what is left empty is left out of the order", () => {
  expect(orderFor([source], filled)).toEqual({ input_url: source, preset: "720p_h264" });
});

test("a part that only ends somewhere begins where the source does", () => {
  expect(orderFor([source], { ...filled, clip_end: "12" })).toMatchObject({ clip: { start: 0, end: 12 } });
});

test("what is filled in is in the order, and {name} is the name of the source", () => {
  const whole = {
    ...filled,
    storage: "s3",
    path: "b/{name}/",
    measure: "ssim",
    vmaf: " 93.5",
    workers: "4",
    clip_start: " 90.5",
    clip_end: "0:02:00",
    overwrite: true,
    callback_url: "https://example.com/hook",
  };
  expect(orderFor([source], whole)).toMatchObject({
    output: { storage: "s3", path: "b/a/", overwrite: true },
    measure: "ssim",
    quality: { vmaf: 93.5 },
    workers: 4,
    clip: { start: 90.5, end: "0:02:00" },
    callback_url: "https://example.com/hook",
  });
});

test("a dry run is asked how the film would be encoded, with every preset", () => {
  const form = { ...filled, params: { size: "480" }, path: "a.mp4", measure: "ssim", workers: "4", clip_start: "10" };
  const asked = { input_url: source, params: { size: 480 }, clip: { start: 10 } };
  expect(planOrderFor([source], form)).toEqual(asked);
  const whole: Form = {
    ...{ ...form, storage: "s3", vmaf: "93", overwrite: true, callback_url: "https://example.com/hook" },
    ...{ picture: { rotate: "90" }, thumbnails: { times: "1:30", sprite: "", preview: "" } },
    overlay: { ...noOverlay, url: "https://example.com/logo.png" },
    subtitles: { ...noSubtitles, source: "de" },
  };
  const answered = v.safeParse(planOrder(), planOrderFor([source], whole));
  expect(answered.issues).toBeUndefined();
  const overlay = [{ url: "https://example.com/logo.png" }];
  expect(answered.output).toMatchObject({ ...asked, rotate: 90, thumbnails: { times: [90] }, overlay });
});

test("sources stand a line each, and count once, or are joined as they stand", () => {
  const other = "https://example.com/b.mp4";
  const sources = ` ${source} \n\n${other}\n${source}`;
  expect(filmsIn({ sources, isJoined: false })).toEqual([[source], [other]]);
  const [joined = []] = filmsIn({ sources, isJoined: true });
  expect(joined).toEqual([source, other, source]);
  expect(orderFor(joined, filled)).toEqual({ inputs: joined.map((url) => ({ url })), preset: "720p_h264" });
  expect(v.safeParse(planOrder(), planOrderFor(joined, filled)).issues).toBeUndefined();
  for (const isJoined of [true, false]) expect(filmsIn({ sources: " ", isJoined })).toEqual([[""]]);
  expect(filmsIn({ sources: source, isJoined: true })).toEqual([[source]]);
});

test("several sources must not be led to one path", () => {
  const two = { ...filled, sources: `${source}\nhttps://example.com/b.mp4` };
  expect(faultIn({ ...two, path: "films/" }).fields["output.path"]).toContain("{name}");
  for (const path of ["", "films/{name}/"]) expect(faultIn({ ...two, path })).toBe(noFault);
  expect(faultIn({ ...two, sources: source, path: "films/a.mp4" })).toBe(noFault);
  const same = `${source}\nhttps://example.com/other/a.mp4`;
  expect(faultIn({ ...two, sources: same, path: "{name}/" }).fields["output.path"]).toContain("elsewhere");
});

test("a refusal is shown field by field, any other as a whole", () => {
  const errors = [{ field: "output.path", message: "must not be absolute" }];
  const refused = new ApiFault("invalid", "output.path: must not be absolute", { status: 400, errors });
  expect(faultOf(refused).fields).toEqual({ "output.path": "must not be absolute" });
  expect(faultOf(new ApiFault("busy", "no worker has room"))).toEqual({ message: "no worker has room", fields: {} });
});
