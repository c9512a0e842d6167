import { expect, test } from "bun:test";
import { packets, source } from "#tests/support/plan-sources.ts";
import { sourceFacts } from "#worker/facts/source.ts";
import { readPackets } from "#worker/ffmpeg/packets.ts";

const file = { bytes: 9, head: new Uint8Array() };
const video = (of: Parameters<typeof source>[0]) => sourceFacts(source(of), file).video;

test("a picture is as it is shown", () => {
  const phone = { width: 1_920, height: 1_080, rotation: 90 };
  expect(video(phone)).toMatchObject({ width: 1_080, height: 1_920, rotation: 90 });
  const wide = { width: 720, height: 576, sampleAspect: 64 / 45, rotation: 0, interlaced: true };
  expect(video(wide)).toMatchObject({ width: 1_024, height: 576, scan: "interlaced" });
});

test.each([
  [{ transfer: "smpte2084", primaries: "bt2020", pixelFormat: "yuv420p10le" }, "hdr10"],
  [{ transfer: "smpte2084", primaries: "smpte432", pixelFormat: "yuv420p10le" }, "pq"],
  [{ transfer: "arib-std-b67" }, "hlg"],
  [{ transfer: "smpte2084", dolbyVision: 5 }, "dolby_vision"],
  [{ transfer: "bt709" }, undefined],
])("%j is %p", (tags, hdr) => {
  expect(video(tags)?.hdr).toBe(hdr as "hdr10");
});

test("the frame rate is that of the packets, and the header's where that says the same more exactly", () => {
  const rounded = packets({
    count: 96,
    meanInterval: 0.03338,
    shortInterval: 0.033,
    lastSeconds: 3.171,
    endSeconds: 3.2,
  });
  expect(video({ packets: rounded, averageRate: 30_000 / 1_001, nominalRate: 1_000 })).toMatchObject({
    ...{ frameRate: 29.97, variableFrameRate: false },
  });
  const uneven = packets({ count: 168, isUneven: true, endSeconds: 4, lastSeconds: 3.98 });
  expect(video({ packets: uneven, averageRate: 60, nominalRate: 60 })).toMatchObject({
    ...{ frameRate: 42, variableFrameRate: true },
  });
});

test("a steady rate is told where only some packets say when they are shown, and no other", async () => {
  const ticks = Array.from({ length: 120 }, (_, at) => [at, at % 7 > 2 ? "-9223372036854775808" : at + 1]);
  const lines = ticks.map(([dts, pts], at) => `0, ${dts}, ${pts}, 1, 500, 0x1${at > 0 ? ", F=0x0" : ""}`);
  const text = ["#tb 0: 1001/30000", "#media_type 0: video", ...lines, ""].join("\n");
  const { streams } = await readPackets(new Blob([text]).stream(), Promise.resolve(["  Stream #0:0 -> #0:0 (copy)"]));
  const partly = streams.get(0);
  if (!partly) throw new Error("no packets");
  expect(partly.isUneven).toBe(true);
  const steady = { frameRate: 29.97, variableFrameRate: false };
  expect(video({ packets: partly, nominalRate: 30_000 / 1_001 })).toMatchObject(steady);
  expect(video({ packets: partly, nominalRate: 60_000 / 1_001 })).toMatchObject({ variableFrameRate: true });
  expect(video({ packets: { ...partly, isPartlyTimed: false }, nominalRate: 30_000 / 1_001 })).toMatchObject({
    variableFrameRate: true,
  });
});

test("sound alone has no picture, and languages are as BCP 47 has them", () => {
  const [sound] = source().audio;
  const audio = sound
    ? [
        { ...sound, language: "ger" },
        { ...sound, language: "und", channels: undefined },
      ]
    : [];
  const facts = sourceFacts(source({}, { video: undefined, audio, format: "wav" }), file);
  expect(facts.video).toBeUndefined();
  expect(facts).toMatchObject({ container: "wav", bytes: 9, audio: [{ language: "de" }, {}] });
  expect(Object.keys(facts.audio[1] ?? {})).not.toContain("language");
});

test.each([
  ["mov,mp4,m4a,3gp,3g2,mj2", "\0\0\0 ftypisom", "mp4"],
  ["mov,mp4,m4a,3gp,3g2,mj2", "\0\0\0\x14ftypqt  ", "mov"],
  ["matroska,webm", "\x1aE\xdf\xa3\x42\x82\x84webm", "webm"],
  ["matroska,webm", "\x1aE\xdf\xa3\x42\x82\x88matroska", "matroska"],
  ["mpegts", "G@", "mpegts"],
])("%s that begins with %j is %s", (format, head, container) => {
  const facts = sourceFacts(source({}, { format }), { bytes: 1, head: Buffer.from(head, "latin1") });
  expect(facts.container).toBe(container);
});
