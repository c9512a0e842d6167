import { expect, test } from "bun:test";
import { lackedCapability } from "#controlplane/dispatch/lacked-capability.ts";

test("a worker that signs nothing lacks what an order with a certificate needs", () => {
  const order = { inputUrl: "https://example.com/a.mp4", preset: "tiny" };
  const signed = { ...order, output: { certificate: true } };
  expect(lackedCapability(signed, ["queue"])?.fields).toMatchObject([{ field: "output.certificate" }]);
  expect(lackedCapability(signed, ["certificate"])).toBeUndefined();
  expect(lackedCapability(order, [])).toBeUndefined();
});

test("only a worker whose ffmpeg has VMAF can aim at a quality", () => {
  const order = { inputUrl: "https://example.com/a.mp4", preset: "tiny", quality: { vmaf: 93 } };
  const lacks = (...capabilities: string[]) => lackedCapability(order, capabilities)?.message;
  expect(lacks("queue")).toContain("bring the workers to this version");
  expect(lacks("measure", "ffmpeg:5.1")).toContain("libvmaf");
  expect(lacks("measure")).toBeUndefined();
  expect(lacks("measure", "ffmpeg:9.0", "vmaf", "quality")).toBeUndefined();
});

test("a worker of a former version would encode all of a source", () => {
  const order = { inputUrl: "https://example.com/a.mp4", preset: "tiny", clip: { start: 0 } };
  expect(lackedCapability(order, ["queue"])?.fields).toMatchObject([{ field: "clip" }]);
  expect(lackedCapability(order, ["clip"])).toBeUndefined();
});

test("a film that workers are to share goes to one that knows how, a default to any", () => {
  const lacks = (of: object, ...capabilities: string[]) =>
    lackedCapability({ inputUrl: "https://example.com/a.mp4", preset: "tiny", ...of }, capabilities)?.fields;
  expect(lacks({ workers: 4 }, "queue")).toMatchObject([{ field: "workers" }]);
  expect(lacks({ workers: 4 }, "pieces")).toBeUndefined();
  expect(lacks({ workers: 1 }, "queue")).toBeUndefined();
  expect(lacks({ splitWorkers: 4 }, "queue")).toBeUndefined();
});

test("parameters go to a worker that knows them", () => {
  const lacks = (params: object, ...capabilities: string[]) =>
    lackedCapability({ inputUrl: "https://example.com/a.mp4", preset: "tiny", params }, capabilities)?.fields;
  expect(lacks({ crf: 0 }, "pieces")).toMatchObject([{ field: "params" }]);
  expect(lacks({ crf: 0 }, "params")).toBeUndefined();
  expect(lacks({}, "pieces")).toBeUndefined();
  const pictures = { inputUrl: "https://example.com/a.mp4", preset: "tiny", thumbnails: { times: [1] } };
  expect(lackedCapability(pictures, ["params"])?.fields).toMatchObject([{ field: "thumbnails" }]);
  expect(lackedCapability(pictures, ["thumbnails"])).toBeUndefined();
});

test("an order about the picture goes to a worker that knows of it", () => {
  const lacks = (picture: object, ...capabilities: string[]) =>
    lackedCapability({ inputUrl: "https://example.com/a.mp4", preset: "tiny", picture }, capabilities)?.fields;
  expect(lacks({ rotate: 0 }, "params")).toMatchObject([{ field: "rotate" }]);
  expect(lacks({ crop: { width: 90, height: 90 } }, "params")).toMatchObject([{ field: "crop" }]);
  expect(lacks({ rotate: 0 }, "picture")).toBeUndefined();
  expect(lacks({}, "params")).toBeUndefined();
});

test("an order with a loudness goes to a worker that brings films to it, too", () => {
  const lacks = (params: object, ...capabilities: string[]) =>
    lackedCapability({ inputUrl: "https://example.com/a.mp4", preset: "tiny", params }, capabilities)?.fields;
  expect(lacks({ loudness: -16 }, "params")).toMatchObject([{ field: "params.loudness" }]);
  expect(lacks({ loudness: -16 }, "params", "loudness")).toBeUndefined();
  expect(lacks({ crf: 20 }, "params")).toBeUndefined();
});

test("an order with overlays goes to a worker that knows of them", () => {
  const lacks = (overlay: object[], ...capabilities: string[]) =>
    lackedCapability({ inputUrl: "https://example.com/a.mp4", preset: "tiny", overlay }, capabilities)?.fields;
  expect(lacks([{ url: "https://example.com/a.png" }], "picture")).toMatchObject([{ field: "overlay" }]);
  expect(lacks([{ url: "https://example.com/a.png" }], "overlay")).toBeUndefined();
  expect(lacks([], "picture")).toBeUndefined();
});

test("an order with subtitles goes to a worker that knows of them, and of drawing them where they are burned in", () => {
  const lacks = (subtitles: object[], ...capabilities: string[]) =>
    lackedCapability({ inputUrl: "https://example.com/a.mp4", preset: "tiny", subtitles }, capabilities)?.message;
  expect(lacks([{ track: "de" }], "overlay")).toContain("bring the workers to this version");
  expect(lacks([{ track: "de" }], "subtitles")).toBeUndefined();
  expect(lacks([{ track: "de", mode: "burn" }], "subtitles")).toBeUndefined();
  expect(lacks([{ track: "de", mode: "burn" }], "subtitles", "ffmpeg:5.1")).toContain("libass");
  expect(lacks([{ track: "de", mode: "burn" }], "subtitles", "ffmpeg:5.1", "burn")).toBeUndefined();
});

test("VMAF needs more than SSIM, and a worker that does not know its ffmpeg yet may have it", () => {
  const measured = (measure: string) => ({ inputUrl: "https://example.com/a.mp4", preset: "tiny", measure });
  const lacks = (measure: string, ...capabilities: string[]) =>
    lackedCapability(measured(measure), capabilities)?.message;
  expect(lacks("ssim", "queue", "ffmpeg:5.1")).toContain("bring the workers to this version");
  expect(lacks("ssim", "measure", "ffmpeg:5.1")).toBeUndefined();
  expect(lacks("vmaf", "measure", "ffmpeg:5.1")).toContain("libvmaf");
  expect(lacks("vmaf", "measure", "ffmpeg:9.0", "vmaf")).toBeUndefined();
  expect(lacks("vmaf", "measure")).toBeUndefined();
  expect(lacks("vmaf", "ffmpeg:9.0")).toContain("bring the workers to this version");
});
