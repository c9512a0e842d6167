import { afterAll } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "#worker/ffmpeg/encode.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import { type Plan, plan } from "#worker/plan/plan.ts";
import type { Preset } from "#worker/presets/schema.ts";

const dirs: string[] = [];
afterAll(async () => {
  await Promise.all(dirs.map((dir) => rm(dir, { recursive: true, force: true })));
});

export async function makeDir() {
  const dir = await mkdtemp(join(tmpdir(), "flux-ffmpeg-"));
  dirs.push(dir);
  return dir;
}

/** The quickest encode, at most 72 pixels on the short side. */
export const tiny: Preset = {
  name: "tiny",
  description: "For tests",
  output_type: "single",
  extension: "mp4",
  video: {
    codec: "h264",
    speed: "ultrafast",
    renditions: [{ size: 72, crf: 40, maxrate: "200k", bufsize: "400k" }],
  },
  audio: { codec: "aac", bitrate: "48k", channels: 2 },
};

export const signal = new AbortController().signal;

export async function planFor(input: string, preset = tiny): Promise<Plan> {
  return plan(preset, (await probe(input, { signal })).probe, { input, outputDir: await makeDir() });
}

export const encodeAll = (planned: Plan) => Array.fromAsync(encode(planned, { signal, stallMs: 60_000 }));
