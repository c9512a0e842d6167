import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import type { JobEvent } from "#shared/job/event.ts";
import { startTestControlPlane } from "./control-plane.ts";
import { startFakeWorker } from "./fake-worker.ts";

export type Scene = Awaited<ReturnType<typeof startScene>>;

const minuteMs = 60_000;

/** A service in the middle of a day: jobs of every kind, a busy worker, one that sleeps. */
export async function startScene() {
  const stack = new AsyncDisposableStack();
  const records = new Map<string, { event: JobEvent; request?: JobRequest }>();
  const worker = stack.use(await startFakeWorker({ slots: 6, records }));
  const now = Date.now();
  let minutesAgo = 0;
  const service = stack.use(
    await startTestControlPlane({
      workers: [worker.address, "127.0.0.1:9"],
      deps: { newId: () => Bun.randomUUIDv7("hex", now - minutesAgo * minuteMs) },
    }),
  );
  const at = async (minutes: number, name: string, preset: string) => {
    minutesAgo = minutes;
    return service.submit({ input_url: `https://media.example.com/${name}`, preset });
  };

  const cancelled = await at(190, "rushes/day-03-camera-b.mov", "1080p_h265");
  worker.tell(cancelled, { status: "cancelled", error: { kind: "cancelled", message: "the job was cancelled" } });
  for (const [index, name] of ["films/harbour-at-dawn.mp4", "films/night-market.mkv"].entries()) {
    const jobId = await at(170 - index * 60, name, "1080p_h264");
    worker.tell(jobId, { status: "processing", message: "Fetching the source" });
    worker.tell(jobId, completed(`https://cdn.example.com/${name}`, 318_000_000 + index * 61_000_000));
  }
  const failed = await at(58, "uploads/phone%20clip%20(1).mov", "720p_h264");
  worker.tell(failed, { status: "processing", message: "Fetching the source" });
  worker.tell(failed, {
    status: "failed",
    error: { kind: "encode_failed", message: "the source cannot be decoded\nmoov atom not found\nInvalid data found" },
  });
  const done = await at(31, "films/ocean.mp4", "hls_720p");
  worker.tell(done, { status: "processing", message: "Fetching the source" });
  worker.tell(done, { status: "processing", progress: 40, fps: 120, speed: 4, message: "Encoding frame 97/242" });
  worker.tell(done, { status: "uploading", message: "Uploading file 9/9", filesUploaded: 8, filesTotal: 9 });
  worker.tell(done, completed("file:///var/lib/flux/out/films/ocean.mp4", 5_200_000));

  const running = await at(12, "films/the-long-way-home.mp4", "1080p_h264");
  worker.tell(running, { status: "processing", message: "Fetching the source: 812.4 MB" });
  worker.tell(running, encoding(63.2, 74.1, 3.1, 212));
  worker.tell(await at(7, "talks/keynote-2026.mp4", "720p_h264"), encoding(38.7, 121.5, 5.1, 388));
  const uploading = await at(4, "trailers/autumn.mov", "hls_720p");
  worker.tell(uploading, { status: "processing", progress: 100, message: "Encoding frame 3600/3600" });
  worker.tell(uploading, { status: "uploading", progress: 100, filesUploaded: 21, filesTotal: 48 });
  worker.tell(await at(1, "clips/interview-final-v2.mov", "720p_h264"), {
    status: "processing",
    message: "Fetching the source: 96.0 MB",
  });
  await at(0, "clips/skyline.mp4", "480p_h264");

  return {
    url: service.url,
    ids: { running, completed: done, failed } as Readonly<Record<string, string>>,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

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
  receipt: { workerSeconds: 84.2, cpuSeconds: 301.7, bytesIn: 612_000_000, bytesOut: bytes },
});
