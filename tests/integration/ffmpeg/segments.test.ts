import { expect, test } from "bun:test";
import { stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { quick } from "#tests/matrix/quick.ts";
import { clip } from "#tests/support/clips.ts";
import { masterOf } from "#tests/support/playlists.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { makeSegmentInspector } from "#worker/verify/segment-inspector.ts";
import { verify } from "#worker/verify/verify.ts";
import { makeOutput, signal } from "./work.ts";

const presets = await loadPresets();
const shipped = (name: string) => presetNamed(presets, name);
const textOf = ({ files }: Awaited<ReturnType<typeof makeOutput>>, name: string) =>
  files.find((file) => file.name === name)?.text ?? "";

/** The profile and level that a decoder is told, in hex. */
async function sequenceHeader(file: string, initFile: string) {
  const ffmpeg = Bun.spawn([
    "ffmpeg",
    "-v",
    "error",
    "-i",
    `concat:${initFile}|${file}`,
    "-c",
    "copy",
    "-f",
    "h264",
    "-",
  ]);
  const bytes = Buffer.from(await new Response(ffmpeg.stdout).arrayBuffer());
  return bytes.subarray(bytes.indexOf(Buffer.from([0, 0, 1, 0x67])) + 4).toString("hex", 0, 3);
}

test.each(["ultrafast", "superfast", "medium", "veryslow"] as const)(
  "the master playlist tells what the segments hold, at speed %s",
  async (speed) => {
    const preset = quick(shipped("hls_720p_abr_fmp4"));
    if (!("segments" in preset)) throw new Error("not segmented");
    const made = await makeOutput(await clip(), { ...preset, video: { ...preset.video, speed } });
    const codecs = masterOf(textOf(made, "master.m3u8")).variants.map((one) => one.codecs?.match(/avc1\.\w+/)?.[0]);
    const found = [0, 1, 2].map((at) =>
      sequenceHeader(join(made.dir, `segment_${at}_000.m4s`), join(made.dir, `init_${at}.mp4`)),
    );
    expect(codecs.map((codec) => codec?.slice(5))).toEqual(await Promise.all(found));
  },
);

test("no segment is above the bandwidth that the master playlist promises", async () => {
  const made = await makeOutput(await clip({ seconds: 4, size: "320x180" }), quick(shipped("hls_720p_abr")));
  const promised = masterOf(textOf(made, "master.m3u8")).variants.map(({ bandwidth }) => bandwidth);
  const { seconds = 1 } = made.planned.segments ?? {};
  for (const [rung, bits] of promised.entries()) {
    const sizes = [0, 1, 2].map(async (at) => (await stat(join(made.dir, `segment_${rung}_00${at}.ts`))).size);
    const sound = [0, 1, 2].map(async (at) => (await stat(join(made.dir, `segment_audio_00${at}.ts`))).size);
    const peak = Math.max(...(await Promise.all(sizes))) + Math.max(...(await Promise.all(sound)));
    expect((peak * 8) / seconds).toBeLessThanOrEqual(bits);
  }
});

test("H.265 in HLS is named as its init segments are", async () => {
  const preset = quick(shipped("hls_720p_abr_fmp4"));
  if (!("segments" in preset)) throw new Error("not segmented");
  const made = await makeOutput(await clip(), { ...preset, video: { ...preset.video, codec: "h265" } });
  const bytes = Buffer.from(await Bun.file(join(made.dir, "init_0.mp4")).arrayBuffer());
  const record = bytes.subarray(bytes.indexOf("hvcC") + 4);
  expect(textOf(made, "master.m3u8")).toContain(`hvc1.1.6.L${record[12]}.${record.toString("hex", 6, 7)}`);
});

test.each([
  ["hls_720p_abr", "segment_1_001.ts"],
  ["hls_720p_abr_fmp4", "segment_1_001.m4s"],
])("a cut segment of %s is found", async (name, segment) => {
  const { planned, dir } = await makeOutput(await clip({ seconds: 3 }), quick(shipped(name)));
  const path = join(dir, segment);
  await truncate(path, Math.floor((await stat(path)).size / 2) + 3);
  const files = await inspectOutputs(planned, dir, signal);
  expect(() => verify(planned, files)).toThrow(`${segment}: it cannot be read as media`);
});

test("a segment that lacks a picture, or comes twice, is found", async () => {
  const { planned, dir } = await makeOutput(await clip({ seconds: 3 }), quick(shipped("hls_720p")));
  const [first = "", second = ""] = ["segment_000.ts", "segment_001.ts"].map((name) => join(dir, name));
  const whole = await Bun.file(second).bytes();
  await Bun.write(second, withoutLastPicture(whole));
  const lacking = await inspectOutputs(planned, dir, signal);
  expect(() => verify(planned, lacking)).toThrow("its segments hold 71 pictures instead of 72");
  await Bun.write(second, await Bun.file(first).bytes());
  const twice = await inspectOutputs(planned, dir, signal);
  expect(() => verify(planned, twice)).toThrow("segment_001.ts: its pictures do not come after those of the segment");
});

/** A segment of MPEG-TS without the packets of its last picture. */
function withoutLastPicture(bytes: Uint8Array) {
  const packets = Array.from({ length: bytes.length / 188 }, (_, at) => bytes.subarray(at * 188, (at + 1) * 188));
  const isVideo = (packet: Uint8Array) => packet[1] !== undefined && (packet[1] & 0x1f) === 1 && packet[2] === 0;
  const last = packets.findLastIndex((packet) => isVideo(packet) && ((packet[1] ?? 0) & 0x40) !== 0);
  return Buffer.concat(packets.filter((packet, at) => at < last || !isVideo(packet)));
}

test("pictures that are noise are found by a whole decode alone", async () => {
  const { planned, dir } = await makeOutput(await clip({ seconds: 3 }), quick(shipped("hls_720p_abr")));
  const path = join(dir, "segment_1_001.ts");
  const bytes = await Bun.file(path).bytes();
  for (let at = 0; at < bytes.length; at += 188) if (bytes[at + 1] === 1) bytes.fill(0xa5, at + 60, at + 188);
  await Bun.write(path, bytes);
  const cheap = await inspectOutputs(planned, dir, signal);
  expect(() => verify(planned, cheap)).not.toThrow();
  const whole = await inspectOutputs(planned, dir, signal, { full: true });
  expect(() => verify(planned, whole)).toThrow("stream_1.m3u8: it cannot be decoded to its end");
});

test("media that was delivered and removed counts by what was seen in it before", async () => {
  const { planned, dir, files } = await makeOutput(await clip({ seconds: 3 }), quick(shipped("hls_720p")));
  const gone = files.filter(({ name }) => planned.isMedia(name) && !planned.samples.includes(name));
  const inspector = makeSegmentInspector(planned);
  for (const { name } of gone) await inspector.inspect(join(dir, name));
  await Promise.all(gone.map(({ name }) => Bun.file(join(dir, name)).delete()));
  const delivered = new Map(gone.map(({ name, bytes }) => [name, bytes]));
  const left = await inspectOutputs(planned, dir, signal, { delivered, inspector });
  expect(gone.length).toBe(2);
  expect(() => verify(planned, left)).not.toThrow();
  const unseen = await inspectOutputs(planned, dir, signal, { delivered });
  expect(() => verify(planned, unseen)).toThrow("segment_001.ts: it cannot be read as media");
});

test.each<[string, Preset]>([
  [
    "hls",
    {
      ...{ name: "raw_hls", description: "Raw", output_type: "hls", extension: "" },
      output_files: ["index.m3u8", "part_%03d.ts"],
      ffmpeg_args: ["-c:v", "libx264", "-preset", "ultrafast", "-g", "24", "-hls_time", "1", "-c:a", "aac"].concat([
        ...["-hls_segment_filename", "part_%03d.ts"],
      ]),
    },
  ],
  [
    "dash",
    {
      ...{ name: "raw_dash", description: "Raw", output_type: "dash", extension: "" },
      output_files: ["index.mpd", "init-$RepresentationID$.m4s", "part-$RepresentationID$-$Number%05d$.m4s"],
      ffmpeg_args: ["-c:v", "libx264", "-preset", "ultrafast", "-g", "24", "-seg_duration", "1", "-c:a", "aac"].concat([
        ...["-init_seg_name", "init-$RepresentationID$.m4s"],
        ...["-media_seg_name", "part-$RepresentationID$-$Number%05d$.m4s"],
      ]),
    },
  ],
])("raw arguments make %s", async (_, preset) => {
  const { planned, files } = await makeOutput(await clip({ seconds: 2 }), preset);
  expect(files.filter(({ name }) => planned.isMedia(name)).length).toBeGreaterThanOrEqual(2);
});
