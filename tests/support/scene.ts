import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import type { JobEvent, JobUpdate } from "#shared/job/event.ts";
import type { SourceFacts } from "#shared/job/source-facts.ts";
import { factsToMessage } from "#shared/rpc/facts-message.ts";
import { loadPresets } from "#worker/presets/load.ts";
import { presetSummary } from "#worker/presets/summary.ts";
import { serveBucket } from "./bucket.ts";
import { startTestControlPlane } from "./control-plane.ts";
import { startFakeWorker } from "./fake-worker.ts";
import { makeFilm, outputs, quality } from "./scene-film.ts";
import { temporaryFolder } from "./service.ts";

export type Scene = Awaited<ReturnType<typeof startScene>>;

const minuteMs = 60_000;

/** A service in the middle of a day: jobs of every kind, a busy worker, one that sleeps; the completed job's film plays. */
export async function startScene() {
  const stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await temporaryFolder());
  await makeFilm(folder);
  const bucket = stack.use(serveBucket(folder));
  const records = new Map<string, { event: JobEvent; request?: JobRequest }>();
  const begun = Date.now();
  let clock = begun;
  const presets = [...(await loadPresets()).values()].map(presetSummary);
  const storages = ["local", "s3"];
  const worker = stack.use(
    await startFakeWorker({ slots: 6, records, presets, storages, machine, capabilities, onPlan, now: () => clock }),
  );
  const service = stack.use(
    await startTestControlPlane({
      workers: [worker.address, "127.0.0.1:9"],
      deps: { newId: () => Bun.randomUUIDv7("hex", clock) },
    }),
  );
  const order = (minutesAgo: number, name: string, preset: string) => {
    clock = begun - minutesAgo * minuteMs;
    return service.submit({ input_url: `https://media.example.com/${name}`, preset });
  };
  const tell = (jobId: string, secondsLater: number, update: JobUpdate) => {
    clock += secondsLater * 1_000;
    worker.tell(jobId, update);
  };

  const cancelled = await order(190, "rushes/day-03-camera-b.mov", "1080p_h265");
  tell(cancelled, 40, { status: "cancelled", error: { kind: "cancelled", message: "the job was cancelled" } });
  for (const [index, name] of ["films/harbour-at-dawn.mp4", "films/night-market.mkv"].entries()) {
    const jobId = await order(170 - index * 60, name, "1080p_h264");
    tell(jobId, 3 + index * 8, { status: "processing", message: "Fetching the source" });
    tell(jobId, 84, completed(`https://cdn.example.com/${name}`, 318_000_000 + index * 61_000_000));
  }
  const failed = await order(58, "uploads/phone%20clip%20(1).mov", "720p_h264");
  tell(failed, 1, { status: "processing", message: "Fetching the source" });
  tell(failed, 4, {
    status: "failed",
    error: { kind: "encode_failed", message: "the source cannot be decoded\nmoov atom not found\nInvalid data found" },
  });
  const done = await order(31, "films/ocean.mp4", "hls_720p_abr");
  tell(done, 6, { status: "processing", message: "Fetching the source" });
  tell(done, 10, { status: "processing", progress: 40, fps: 120, speed: 4, message: "Encoding frame 97/242" });
  tell(done, 71, { status: "uploading", message: "Uploading file 9/9", filesUploaded: 8, filesTotal: 9 });
  tell(done, 3, {
    ...completed(`${bucket.url}/master.m3u8`, 40_512_000),
    outputType: "hls",
    ...files,
    source,
    outputs,
    quality,
  });

  const running = await order(12, "films/the-long-way-home.mp4", "1080p_h264");
  tell(running, 2, { status: "processing", message: "Fetching the source: 812.4 MB" });
  tell(running, 48, encoding(0.4, 70.3, 2.9, 680));
  tell(running, 600, {
    ...encoding(63.2, 74.1, 3.1, 212),
    pieces: { done: 7, total: 12, workers: 3 },
  });
  tell(await order(7, "talks/keynote-2026.mp4", "720p_h264"), 30, encoding(38.7, 121.5, 5.1, 388));
  const uploading = await order(4, "trailers/autumn.mov", "hls_720p");
  tell(uploading, 9, { status: "processing", progress: 100, message: "Encoding frame 3600/3600" });
  tell(uploading, 200, { status: "uploading", progress: 100, filesUploaded: 21, filesTotal: 48 });
  tell(await order(1, "clips/interview-final-v2.mov", "720p_h264"), 2, {
    status: "processing",
    message: "Fetching the source: 96.0 MB",
  });
  await order(0, "clips/skyline.mp4", "480p_h264");

  return {
    url: service.url,
    ids: { running, completed: done, failed } as Readonly<Record<string, string>>,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const machine = {
  ...{ load: 3.87, cpus: 8, machineMemory: 33_500_000_000n, diskFree: 118_000_000_000n, diskTotal: 480_000_000_000n },
  ffmpegVersion: "5.1.9-0+deb12u1",
};

const capabilities = [
  ...["idempotency", "remove-output", "plan", "ffmpeg:5.1", "encoder:libx264", "encoder:libx265", "encoder:aac"],
  ...["filter:zscale", "filter:tonemap", "filter:subtitles"],
];

const files = { filesUploaded: outputs.files, filesTotal: outputs.files };

const source: SourceFacts = {
  ...{ container: "mp4", durationSeconds: 142.3, bytes: 612_000_000 },
  video: {
    ...{ codec: "h264", width: 1_920, height: 1_080, frameRate: 25, variableFrameRate: false, bitRate: 34_200_000 },
    scan: "progressive",
  },
  audio: [{ codec: "aac", language: "en", channels: 2, layout: "stereo", sampleRate: 48_000 }],
  subtitles: [],
};

const onPlan = async () => ({
  ...factsToMessage({ source }),
  presets: [
    {
      ...{ preset: "720p_h264", outputType: "single" },
      renditions: [
        {
          ...{ name: "720p_h264.mp4", kind: "video", codec: "h264", width: 1_280, height: 720, frameRate: 25 },
          ...{ maxBitRate: 3_000_000n, audio: { codec: "aac", channels: 2, bitRate: 128_000n, language: "en" } },
        },
      ],
    },
    {
      ...{ preset: "2160p_h264", outputType: "single", errorKind: "source_failed" },
      error: "the source is smaller than what the preset makes",
    },
  ],
});

const encoding = (progress: number, fps: number, speed: number, etaSeconds: number) => ({
  status: "processing" as const,
  progress,
  fps,
  speed,
  etaSeconds,
  message: `Encoding frame ${Math.round(progress * 57)}/5700`,
});

const completed = (outputUrl: string, bytes: number) => ({
  status: "completed" as const,
  progress: 100,
  message: "Published",
  outputUrl,
  outputType: "single" as const,
  filesUploaded: 1,
  filesTotal: 1,
  bytesUploaded: bytes,
  receipt: {
    workerSeconds: 84.2,
    cpuSeconds: 301.7,
    peakMemory: 412_000_000,
    bytesIn: 612_000_000,
    bytesOut: bytes,
    storageRequests: 14,
    coldStartSeconds: 6.4,
    attempts: 1,
    encodeSeconds: 71.3,
    mediaSeconds: 142,
    sourceSeconds: 9.6,
    uploadSeconds: 2.8,
  },
});
