import { expect, test } from "bun:test";
import { checkedFields } from "#controlplane/http/fields.ts";
import { jobOrder } from "#controlplane/orders/order.ts";
import { orderFrom } from "#controlplane/orders/request.ts";
import { Fault, invalidField } from "#shared/fault.ts";

const schema = jobOrder(".flux/jobs");
const given = { input_url: "https://example.com/a.mp4", preset: "720p_h264" };

const ones = (count: number) => Array.from({ length: count }, () => ({ url: "https://example.com/a.mp4" }));

const fieldsOf = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    if (error instanceof Fault) return error.fields.map(({ field }) => field);
  }
  return undefined;
};

test.each([
  ["input_url", {}],
  ["preset", { input_url: "https://example.com/" }],
  ["preset", { ...given, preset: "" }],
  ["input_url", { ...given, input_url: 7 }],
  ["foo", { ...given, foo: 1 }],
  ["output.foo", { ...given, output: { foo: 1 } }],
  ["output", { ...given, output: "s3" }],
  ["output.storage", { ...given, output: { storage: "gcs" } }],
  ["output.type", { ...given, output: { type: "smooth" } }],
  ["output.overwrite", { ...given, output: { overwrite: "yes" } }],
  ["output.metadata.title", { ...given, output: { metadata: { title: 1 } } }],
  ["output.metadata.no blanks", { ...given, output: { metadata: { "no blanks": "1" } } }],
  ["output.metadata", { ...given, output: { metadata: { title: "é".repeat(1_100) } } }],
  ["measure", { ...given, measure: "psnr" }],
  ["quality.vmaf", { ...given, quality: { vmaf: 98 } }],
  ["quality.vmaf", { ...given, quality: { vmaf: "93" } }],
  ["quality.psnr", { ...given, quality: { vmaf: 93, psnr: 40 } }],
  ["measure", { ...given, measure: "ssim", output: { publish: "progressive" } }],
  ["params.crf", { ...given, params: { crf: 70 } }],
  ["params.tune", { ...given, params: { tune: "film" } }],
  ["params", { ...given, params: "-crf 20" }],
  ["thumbnails.times", { ...given, thumbnails: { times: [3, 1] } }],
  ["thumbnails.sprite.width", { ...given, thumbnails: { sprite: { width: 4, every_seconds: 5 } } }],
  ["thumbnails", { ...given, thumbnails: {} }],
  ["quality", { ...given, quality: { vmaf: 93 }, params: { crf: 20 } }],
  ["quality", { ...given, quality: { vmaf: 93 }, params: { bitrate: "900k" } }],
  ["clip", { ...given, clip: "0:10-0:25" }],
  ["clip.start", { ...given, clip: { end: 3 } }],
  ["clip.end", { ...given, clip: { start: "0:10", end: 9 } }],
  ["crop.width", { ...given, crop: { x: 0, y: 0, width: 8, height: 100 } }],
  ["fit", { ...given, fit: "fill" }],
  ["width", { ...given, width: 641 }],
  ["height", { ...given, height: 8_192 }],
  ["background", { ...given, background: "red:enable=1" }],
  ["rotate", { ...given, rotate: "90" }],
  ["deinterlace", { ...given, deinterlace: true }],
  ["denoise", { ...given, denoise: "hqdn3d" }],
  ["picture", { ...given, picture: { rotate: 90 } }],
  ["workers", { ...given, workers: 0 }],
  ["workers", { ...given, workers: 33 }],
  ["workers", { ...given, workers: 2.5 }],
  ["workers", { ...given, workers: "4" }],
  ["workers", { ...given, workers: 4, output: { publish: "progressive" } }],
  ["inputs", { preset: "720p_h264", inputs: ones(1) }],
  ["inputs", { preset: "720p_h264", inputs: ones(51) }],
  ["inputs", { preset: "720p_h264", inputs: "https://example.com/a.mp4" }],
  ["inputs", { ...given, inputs: ones(2) }],
  ["inputs.1.url", { preset: "720p_h264", inputs: [...ones(1), { clip: { start: 1 } }] }],
  ["inputs.1.clip.end", { preset: "720p_h264", inputs: [...ones(1), { ...ones(1)[0], clip: { start: 5, end: 4 } }] }],
  ["inputs.0.preset", { preset: "720p_h264", inputs: [{ ...ones(1)[0], preset: "a" }, ...ones(1)] }],
  ["clip", { preset: "720p_h264", inputs: ones(2), clip: { start: 1 } }],
  ["workers", { preset: "720p_h264", inputs: ones(2), workers: 2 }],
  ["callback_url", { ...given, callback_url: null }],
  ["callback_events", { ...given, callback_events: "completed" }],
  ["callback_events.0", { ...given, callback_events: ["done"] }],
  ["body", "text"],
])("names the field %s", (field, sent) => {
  expect(fieldsOf(() => checkedFields(schema, sent))).toContain(field);
});

const climbing = ["", "/", "/etc/passwd", "../x.mp4", "a/../x.mp4", "a//b"];
const amongRecords = [".flux", ".flux/", ".flux/jobs", ".flux/jobs/", ".flux/jobs/a.json"];

test.each([...climbing, ...amongRecords])("refuses the path %p", (path) => {
  expect(fieldsOf(() => checkedFields(schema, { ...given, output: { path } }))).toEqual(["output.path"]);
});

test.each([".fl", ".flux/job", ".flux2", "a.mp4", "outputs/a/", ".flux/jobs2/a.mp4", "日本/a.mp4"])(
  "takes the path %p",
  (path) => {
    expect(checkedFields(schema, { ...given, output: { path } }).output?.path).toBe(path);
  },
);

test("addresses that may not be asked are said together with all else that is wrong", () => {
  const refuse = () => {
    throw invalidField("input_url", "leads to a private address");
  };
  const guarded = jobOrder(".flux/jobs", { checkInput: refuse, checkCallback: refuse });
  const sent = {
    ...given,
    preset: "",
    output: { path: "/x" },
    callback_url: "http://10.0.0.1/",
    callback_events: ["?"],
  };
  expect(fieldsOf(() => checkedFields(guarded, sent))).toEqual([
    "input_url",
    "preset",
    "output.path",
    "callback_url",
    "callback_events.0",
  ]);
});

test("says every field that is wrong at once", () => {
  expect(fieldsOf(() => checkedFields(schema, { foo: 1 }))).toEqual(["preset", "foo", "input_url"]);
});

const others = { timeoutMs: 60_000, splitWorkers: 1 };

test("how many workers share a film is the order's to say, else the service's", () => {
  const same = (url: string) => url;
  const request = (posted: object, splitWorkers: number) => {
    const order = checkedFields(schema, { ...given, ...posted });
    return orderFrom(order, { checkInput: same, checkCallback: same, ...others, splitWorkers });
  };
  expect(request({}, 1)).not.toContainAnyKeys(["workers", "splitWorkers"]);
  expect(request({}, 4)).toMatchObject({ splitWorkers: 4 });
  expect(request({ workers: 8 }, 4)).toMatchObject({ workers: 8 });
  expect(request({ workers: 1 }, 4)).toMatchObject({ workers: 1 });
  expect(request({ workers: 8 }, 4)).not.toContainKey("splitWorkers");
});

test("a refused callback is named as such, and the order carries what the check gave back", () => {
  const refuse = () => {
    throw invalidField("input_url", "leads to a private address");
  };
  const rules = (check: (url: string) => string) => ({ checkInput: check, checkCallback: check, ...others });
  const posted = { ...given, callback_url: "http://10.0.0.1/" };
  expect(fieldsOf(() => orderFrom(given, rules(refuse)))).toEqual(["input_url"]);
  const onlyInput = (url: string) => (url === given.input_url ? `${url}#checked` : refuse());
  expect(fieldsOf(() => orderFrom(posted, rules(onlyInput)))).toEqual(["callback_url"]);
  expect(orderFrom(given, rules(onlyInput))).toMatchObject({
    inputUrl: `${given.input_url}#checked`,
    timeoutMs: 60_000n,
  });
});

test("events to be told need somebody to tell", () => {
  expect(fieldsOf(() => checkedFields(schema, { ...given, callback_events: ["processing"] }))).toEqual([
    "callback_events",
  ]);
  const told = { ...given, callback_events: ["processing"], callback_url: "https://example.com/hook" };
  expect(checkedFields(schema, told).callback_events).toEqual(["processing"]);
});

test("a path is the same however its letters were typed", () => {
  const typed = { ...given, output: { path: "cafe\u0301/film.mp4" } };
  expect(checkedFields(schema, typed).output?.path).toBe("caf\u00e9/film.mp4");
});

test("sources that are joined are checked each by its own name, and leave no input_url", () => {
  const inputs = [...ones(6), { url: "http://10.0.0.1/a.mp4", clip: { start: "0:10", end: 25 } }];
  const posted = checkedFields(schema, { preset: "720p_h264", inputs });
  const rules = { checkCallback: String, timeoutMs: 0, splitWorkers: 1 };
  const checkInput = (url: string) => {
    if (url.includes("10.0.0.1")) throw invalidField("input_url", "leads to a private address");
    return `${url}#checked`;
  };
  expect(fieldsOf(() => orderFrom(posted, { ...rules, checkInput }))).toEqual(["inputs.6.url"]);
  const order = orderFrom(posted, { ...rules, checkInput: (url) => `${url}?checked` });
  expect(order.inputUrl).toBe("");
  expect(order.inputs?.[6]).toEqual({ url: "http://10.0.0.1/a.mp4?checked", clip: { start: 10, end: 25 } });
});
