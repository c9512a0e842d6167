import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { EventJson } from "#shared/job/event.ts";
import { deepCamelKeys } from "#shared/job/field-names.ts";
import type { OutputFacts } from "#shared/job/output-facts.ts";
import { type ClipOptions, clip } from "#tests/support/clips.ts";
import { judgeFacts, judgeFactsByFfprobe, judgeRenditions } from "#tests/support/judged-facts.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let api: ReturnType<typeof client>;
let home: string;

const phone = {
  ...{ seconds: 3, rotated: 90, container: "mov", rate: "30000/1001" },
  languages: ["ger", "jpn"],
} satisfies ClipOptions;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  const [film, sound, hdr] = await Promise.all([
    clip(phone),
    clip({ seconds: 1, size: "none" }),
    clip({ seconds: 1, hdr: "hlg" }),
  ]);
  sources = stack.use(serveFiles({ "phone.mov": film, "sound.mp4": sound, "hdr.mp4": hdr }));
  const port = await freePort();
  stack.use(await startWorker({ port, home, MAX_CONCURRENT_JOBS: "4" }));
  api = client(stack.use(await startControlplane([port])).url);
});
afterAll(() => stack.disposeAsync());

type Order = Parameters<typeof api.post>[0];

async function end(order: Order): Promise<EventJson> {
  const { body } = await api.post(order);
  const last = (await api.events(body["job_id"])).at(-1);
  if (!last) throw new Error("no event");
  return last;
}

const at = (path: string) => join(home, "out", path);
const outputsOf = ({ outputs }: EventJson): OutputFacts =>
  deepCamelKeys(outputs ?? { files: 0, bytes: 0, renditions: [] });

test("a ladder is told as it lies in the storage, wherever one asks for the job", async () => {
  const last = await end({ input_url: sources.url("phone.mov"), preset: "hls_tiny", output: { path: "facts/hls/" } });
  expect(last).toMatchObject({
    status: "completed",
    source: {
      ...{
        container: "mov",
        bytes: Bun.file(await clip(phone)).size,
      },
      video: {
        ...{ codec: "h264", width: 90, height: 160, rotation: 90, frame_rate: 29.97 },
        ...{ variable_frame_rate: false, scan: "progressive" },
      },
      audio: [
        { codec: "aac", language: "de", channels: 2, layout: "stereo", sample_rate: 48_000 },
        { codec: "aac", language: "ja" },
      ],
      subtitles: [],
    },
  });
  const outputs = outputsOf(last);
  await judgeFacts(outputs, at("facts/hls"));
  await judgeFactsByFfprobe(outputs, at("facts/hls"));
  expect(outputs.renditions.map(({ path, kind, language }) => [path, kind, language])).toEqual([
    ["stream_0.m3u8", "video", undefined],
    ["stream_1.m3u8", "video", undefined],
    ["stream_audio.m3u8", "audio", "de"],
    ["stream_audio_1.m3u8", "audio", "ja"],
  ]);
  const { source } = last;
  expect((await api.job(last.job_id)).body).toMatchObject({ source, outputs: last.outputs } as object);
  const record = (await filesIn(join(home, "out"))).find((name) => name.endsWith(`${last.job_id}.json`)) ?? "";
  expect((await Bun.file(at(record)).json()).event).toMatchObject({ source, outputs: last.outputs });
  // Figures over time are for who looks at one job.
  const listed = ((await api.ask("/jobs")).body["jobs"] as EventJson[]).find(({ job_id }) => job_id === last.job_id);
  const renditions = last.outputs?.renditions.map(({ bit_rates: _, ...rendition }) => rendition);
  expect(listed).toMatchObject({ source, outputs: { ...last.outputs, renditions } });
  expect(JSON.stringify(listed)).not.toContain("bit_rates");
});

test("of a generation beside an older one the paths are its own", async () => {
  const output = { path: "facts/hls/", overwrite: true };
  const { renditions } = outputsOf(await end({ input_url: sources.url("phone.mov"), preset: "hls_tiny", output }));
  expect(renditions[0]?.path).toMatch(/^[\w-]+-1\/stream_0\.m3u8$/);
  await judgeRenditions(renditions, at("facts/hls"));
});

test("what is encrypted, shown while it grows, or in two manifests is told as truly", async () => {
  const input_url = sources.url("phone.mov");
  const [locked, growing, both] = await Promise.all([
    end({ input_url, preset: "hls_locked", output: { path: "facts/locked/" } }),
    end({ input_url, preset: "hls_tiny", output: { path: "facts/growing/", publish: "progressive" } }),
    end({ input_url, preset: "cmaf_tiny", output: { path: "facts/cmaf/" } }),
  ]);
  expect(outputsOf(locked).renditions[0]).toMatchObject({ kind: "video", width: 90, height: 160, frameRate: 29.97 });
  await judgeFactsByFfprobe(outputsOf(locked), at("facts/locked"));
  await judgeFacts(outputsOf(locked), at("facts/locked"));
  await judgeFacts(outputsOf(growing), at("facts/growing"));
  await judgeFacts(outputsOf(both), at("facts/cmaf"));
  expect(outputsOf(both).renditions).toHaveLength(4);
});

test("what is still HDR is told, before and after it is encoded, and that an SDR source is not", async () => {
  const hdr = { input_url: sources.url("hdr.mp4"), preset: "1080p_h265_hdr" };
  const sdr = { input_url: sources.url("phone.mov"), preset: "1080p_h265_hdr" };
  const [last, planned, refused] = await Promise.all([
    end({ ...hdr, output: { path: "facts/hdr.mp4" } }),
    api.ask("/plan", { method: "POST", body: JSON.stringify(hdr), headers: { "content-type": "application/json" } }),
    api.ask("/plan", { method: "POST", body: JSON.stringify(sdr), headers: { "content-type": "application/json" } }),
  ]);
  expect(last.source?.video?.hdr).toBe("hlg");
  await judgeFactsByFfprobe(outputsOf(last), at("facts"));
  expect(outputsOf(last).renditions).toMatchObject([{ hdr: "hlg", codecs: "hvc1.2.4.L90.90,mp4a.40.2" }]);
  expect(planned.body["presets"]).toMatchObject([{ renditions: [{ codec: "hevc", hdr: "hlg" }] }]);
  const warnings = ["the source is SDR, and so is what preset 1080p_h265_hdr makes of it"];
  expect(refused.body["presets"]).toMatchObject([{ renditions: [{ codec: "hevc" }], warnings }]);
  expect(JSON.stringify(refused.body["presets"])).not.toContain('"hdr":');
});

test("a single file is told under the name that it has in the storage", async () => {
  const output = { path: "facts/a b/東京.mp4" };
  const outputs = outputsOf(await end({ input_url: sources.url("phone.mov"), preset: "720p_h264_poster", output }));
  expect(outputs.renditions.map(({ path }) => path)).toEqual(["東京.mp4", "東京.poster.jpg"]);
  await judgeFacts(outputs, at("facts/a b"));
  await judgeFactsByFfprobe(outputs, at("facts/a b"));
  const { peakBitRate = 0, durationSeconds = 0 } = outputs.renditions[0] ?? {};
  const busiest = await busiestSecond(at("facts/a b/東京.mp4"), durationSeconds);
  expect(Math.abs(peakBitRate / busiest - 1)).toBeLessThan(0.01);
});

/** In bits, as ffprobe lists the packets; never less than the average. */
async function busiestSecond(file: string, seconds: number): Promise<number> {
  const query = ["-show_entries", "packet=pts_time,size", "-of", "json", file];
  const { packets } = (await Bun.$`ffprobe -v error ${query}`.json()) as { packets: Record<string, string>[] };
  const bits = Map.groupBy(packets, ({ pts_time }) => Math.max(0, Math.floor(Number(pts_time))));
  const sums = [...bits.values()].map((some) => some.reduce((sum, { size }) => sum + Number(size) * 8, 0));
  return Math.max((Bun.file(file).size * 8) / seconds, ...sums);
}

test("a job without an output tells none, and its source if it failed after that was read", async () => {
  const failed = await end({ input_url: sources.url("sound.mp4"), preset: "hls_tiny" });
  expect(failed).toMatchObject({ status: "failed", source: { container: "mp4", audio: [{ codec: "aac" }] } });
  expect(failed).not.toHaveProperty("outputs");
  const { body } = await api.post({ input_url: sources.url("phone.mov"), preset: "slow" });
  await api.until(body["job_id"], ({ progress = 0 }) => progress > 0);
  await api.ask(`/jobs/${body["job_id"]}`, { method: "DELETE" });
  const cancelled = (await api.events(body["job_id"])).at(-1);
  expect(cancelled).toMatchObject({ status: "cancelled" });
  expect(cancelled).not.toHaveProperty("outputs");
});
