import { expect, test } from "bun:test";
import { join } from "node:path";
import { quick } from "#tests/matrix/quick.ts";
import { captionedClip } from "#tests/support/captioned.ts";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { segmentKeyIn } from "#worker/delivery/encryption-key.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { measureEntries } from "#worker/manifests/measure.ts";
import { withA53 } from "#worker/plan/captions.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { makeSegmentInspector } from "#worker/verify/segment-inspector.ts";
import { verify } from "#worker/verify/verify.ts";
import { keyInfoFor, makeDir, signal } from "./work.ts";

const presets = await loadPresets();

function small(name: string, speed: "ultrafast" | "veryfast" = "ultrafast"): Preset {
  const preset = quick(presetNamed(presets, name));
  return "segments" in preset ? { ...preset, video: { ...preset.video, speed } } : preset;
}

/** Encodes with other arguments than were planned, and tells what verification says of it. */
async function outcome(input: string, preset: Preset, change: (args: readonly string[]) => readonly string[]) {
  const source = await examine(input, { signal });
  const keyInfoFile = await keyInfoFor(preset);
  const place = { input, outputDir: await makeDir(), stem: "clip", ...(keyInfoFile && { keyInfoFile }) };
  const planned = plan(preset, source, place, await probeCapabilities().capabilities);
  const args = change(planned.args);
  expect(args).not.toEqual(planned.args);
  const report = await runPlan({ ...planned, args }, { signal, stallMs: 60_000 });
  const inspector = makeSegmentInspector(planned, keyInfoFile ? await segmentKeyIn(keyInfoFile) : undefined);
  await measureEntries(planned, { inspector });
  const files = await inspectOutputs(planned, place.outputDir, signal, { inspector });
  return () => verify(planned, files, report, source);
}

const without =
  (pattern: RegExp, by = "") =>
  (args: readonly string[]) =>
    args.map((arg) => arg.replace(pattern, by));

async function made(name: string, ...args: readonly string[]) {
  const path = join(await makeDir(), name);
  await runFfmpeg([...args, path]);
  return path;
}

const picture = (seconds: number, rate = 24) => [
  ...["-f", "lavfi", "-i", `testsrc2=size=160x90:rate=${rate}:duration=${seconds}`],
];
const sound = (seconds: number) => ["-f", "lavfi", "-i", `sine=sample_rate=48000:duration=${seconds}`];
const codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"];

const segmented = ["hls_720p", "hls_720p_abr_fmp4", "dash_720p"];

test.each(segmented)("a picture that ends before the sound fails %s", async (name) => {
  const input = await made("long_sound.mp4", ...picture(1), ...sound(3), ...codecs);
  const said = await outcome(input, small(name), without(/,tpad=[^,]*,trim=end_frame=\d+/));
  expect(said).toThrow("until 1.0");
});

test.each(segmented)("sound that ends before the picture fails %s", async (name) => {
  const input = await made("short_sound.mp4", ...picture(3), ...sound(1), ...codecs);
  const said = await outcome(input, small(name), without(/,apad=whole_dur=[\d.]+/));
  expect(said).toThrow("until 1.0");
});

test("sound that a muxer does not keep back for a picture that stands fails hls_720p", async () => {
  const input = await made("stands.mp4", ...picture(2), ...sound(27), ...codecs);
  const said = await outcome(input, small("hls_720p"), without(/^8\d000000$/, "10000000"));
  expect(said).toThrow("it holds sound of another time than its pictures");
});

test.each(["hls_720p", "hls_720p_aes128"])(
  "sound that ends long before the picture is in its segments: %s",
  async (name) => {
    const input = await made("ends.mp4", ...picture(27, 4), ...sound(2), ...codecs);
    expect(await outcome(input, small(name), without(/^8\d000000$/, "99000000"))).not.toThrow();
    const said = await outcome(input, small(name), without(/^8\d000000$/, "10000000"));
    expect(said).toThrow("it holds sound of another time than its pictures");
  },
);

test.each(["hls_720p", "720p_h264"])("pictures that ffmpeg shows before their time fail %s", async (name) => {
  const away = ["-vf", "setpts='if(lt(T,1),PTS,PTS+30/TB)'", "-fps_mode", "vfr"];
  const input = await made("meeting.mkv", ...picture(2, 4), ...sound(32), ...away, ...codecs);
  const said = await outcome(input, small(name), without(/^1000000$/, "10"));
  expect(said).toThrow("its last picture is shown at 2.0 s, and in the source at 31.8 s");
});

test.each(["hls_720p", "720p_h264"])("a still picture in the place of the film fails %s", async (name) => {
  const maps = ["-map", "1", "-map", "0", "-c:v:0", "mjpeg", "-c:v:1", "libx264"];
  const input = await made("still_first.mkv", ...picture(2), ...picture(0.04), ...maps);
  const said = await outcome(input, small(name), without(/\[0:1\]/, "[0:0]"));
  expect(said).toThrow("its picture is a track of 1 pictures, and the source has one of 48");
});

test.each(["hls_720p", "hls_720p_abr"])("sound that begins late in MPEG-TS fails %s", async (name) => {
  const said = await outcome(
    await clip({ seconds: 2 }),
    small(name, "veryfast"),
    without(/first_pts=-\d+/, "first_pts=0"),
  );
  expect(said).toThrow(/it is \d+ ms behind/);
});

test.each(["hls_720p", "hls_720p_abr_fmp4", "720p_h264"])("captions that are lost fail %s", async (name) => {
  const input = join(await makeDir(), "captioned.mp4");
  // Letters, and now and then the control code that shows them.
  await captionedClip(input, (picture) => [picture % 15 === 0 ? [0xfc, 0x94, 0x2c] : [0xfc, 0x41, 0x42]]);
  const said = await outcome(input, small(name), (args) => withA53(args, 0));
  expect(said).toThrow("the source's closed captions (CC1) are not in its pictures");
});
