import { expect, test } from "bun:test";
import { join } from "node:path";
import { makeDir, planFor, signal, tiny } from "#tests/integration/ffmpeg/work.ts";
import { clip } from "#tests/support/clips.ts";
import { rejection } from "#tests/support/outcome.ts";
import { toolPath } from "#tests/support/tools.ts";
import { encode } from "#worker/ffmpeg/encode.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import { run } from "#worker/ffmpeg/run.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";

const strace = toolPath("strace");

/** Runs a program under strace; `calls` are all that it asked of the network. */
async function traced(program: string) {
  const file = join(await makeDir(), "trace");
  return {
    argv: [
      "strace",
      "-f",
      "-qq",
      "-e",
      "trace=%network",
      "-e",
      "signal=none",
      "-o",
      file,
      toolPath(program) ?? "",
    ] as const,
    async calls() {
      const text = await Bun.file(file).text();
      return text.split("\n").filter(Boolean);
    },
  };
}

let asked = 0;
const canary = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(String(++asked)) });
const { origin } = canary.url;
const hostile: [string, string][] = [
  ["HLS", `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n${origin}/a.ts\n#EXT-X-ENDLIST\n`],
  ["HLS key", `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${origin}/key"\n#EXTINF:1,\n/dev/zero\n#EXT-X-ENDLIST\n`],
  ["ffconcat", `ffconcat version 1.0\nfile '${origin}/a.mp4'\n`],
  [
    "SDP",
    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
  ],
  ["DASH", `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${origin}/</BaseURL></MPD>`],
];

test.skipIf(!strace).each(hostile)("ffprobe opens no connection for %s under an innocent name", async (_, text) => {
  const path = join(await makeDir(), "film.mp4");
  await Bun.write(path, text);
  const ffprobe = await traced("ffprobe");
  expect(await rejection(probe(path, { signal, ffprobe: ffprobe.argv }))).toMatchObject({
    kind: "source_failed",
    message: expect.stringContaining("Invalid"),
  });
  expect(await ffprobe.calls()).toEqual([]);
  expect(asked).toBe(0);
});

const single = (codec: "h264" | "h265" | "vp9" | "av1"): Preset => ({ ...tiny, video: { ...tiny.video, codec } });
const hls: Preset = { ...tiny, output_type: "hls", segments: { seconds: 1, format: "mpegts" } };
const made: [string, Preset][] = [
  ...(["h264", "h265", "vp9", "av1"] as const).map((codec): [string, Preset] => [codec, single(codec)]),
  ["HLS", hls],
  ["DASH", { ...hls, output_type: "dash", segments: { seconds: 1, format: "fmp4" } }],
];

test.skipIf(!strace).each(made)("neither ffprobe nor ffmpeg opens a connection for a film in %s", async (_, preset) => {
  const input = await clip({ seconds: 2 });
  const [ffprobe, ffmpeg] = [await traced("ffprobe"), await traced("ffmpeg")];
  await probe(input, { signal, ffprobe: ffprobe.argv });
  const plan = await planFor(input, preset);
  await Array.fromAsync(encode(plan, { signal, stallMs: 60_000, ffmpeg: ffmpeg.argv }));
  await inspectOutputs(plan, plan.outputDir, signal, {
    spawn: ({ argv: [, ...args], ...command }) => run({ ...command, argv: [...ffprobe.argv, ...args] }),
  });
  expect(await ffprobe.calls()).toEqual([]);
  expect(await ffmpeg.calls()).toEqual([]);
});

test.skipIf(!strace)("a connection would be seen", async () => {
  const ffprobe = await traced("ffprobe");
  const seen = Bun.spawn([...ffprobe.argv, `${origin}/film.mp4`], { stdio: ["ignore", "ignore", "ignore"] });
  await seen.exited;
  expect((await ffprobe.calls()).join("\n")).toContain("AF_INET");
  expect(asked).toBeGreaterThan(0);
  await canary.stop(true);
});
