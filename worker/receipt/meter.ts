import { observedStorage } from "#shared/storage/requests.ts";
import type { Storage } from "#shared/storage/storage.ts";
import type { Spawn } from "#worker/ffmpeg/run.ts";
import type { Step, StepName } from "#worker/job/steps.ts";
import { type Clock, makeClock, makeShares, type Shares } from "./clock.ts";
import { noUsage, type Usage } from "./usage.ts";

export type Meter = ReturnType<typeof makeMeter>;

/** Measures what a job uses, added to what its earlier attempts have used. */
export function makeMeter(before: Usage = noUsage, shares: Shares = makeShares()) {
  const used = { ...before };
  const [worker, share, source, encode, upload] = [
    makeClock(before.workerSeconds),
    shares(before.shareSeconds),
    makeClock(before.sourceSeconds),
    makeClock(before.encodeSeconds),
    makeClock(before.uploadSeconds),
  ];
  const clocks: Partial<Record<StepName, Clock>> = { source, encode, upload, stage: upload, publish: upload };

  const request = () => {
    used.storageRequests += 1;
  };
  const bytes = (count: number) => {
    used.bytesOut += count;
  };

  const fetched = (count: number) => {
    used.bytesIn += count;
  };

  const counted =
    (name: "measureCpuSeconds" | "aimCpuSeconds") =>
    (spawn: Spawn): Spawn =>
    (command) => {
      const running = spawn(command);
      void running.ended.then(({ cpuSeconds }) => {
        used[name] += cpuSeconds;
      });
      return running;
    };

  return {
    usage: (): Usage => ({
      ...used,
      workerSeconds: worker.seconds(),
      shareSeconds: share.seconds(),
      sourceSeconds: source.seconds(),
      encodeSeconds: encode.seconds(),
      uploadSeconds: upload.seconds(),
    }),

    /** Runs one attempt and measures its time. */
    attempt: <T>(work: () => Promise<T>): Promise<T> => worker.time(() => share.time(work)),
    /** Notes how many bytes of the source are fetched; fewer than before when the fetch has begun anew. */
    fetched: growth((more) => {
      used.bytesIn += more;
    }),
    /** Notes how many seconds of media are encoded. */
    encoded: growth((more) => {
      used.mediaSeconds += more;
    }),
    /** Notes that so many seconds of media are there, whatever was noted before a crash. */
    isEncoded(seconds: number) {
      used.mediaSeconds = Math.max(used.mediaSeconds, seconds);
    },
    /** Notes the CPU time that other workers have spent on the job. */
    helped(cpuSeconds: number) {
      used.cpuSeconds += cpuSeconds;
    },
    step:
      (step: Step): Step =>
      (name, work) =>
        clocks[name]?.time(() => step(name, work)) ?? step(name, work),
    spawn:
      (spawn: Spawn): Spawn =>
      (command) => {
        const running = spawn(command);
        void running.ended.then(({ cpuSeconds, peakMemory }) => {
          used.cpuSeconds += cpuSeconds;
          used.peakMemory = Math.max(used.peakMemory, peakMemory);
        });
        return running;
      },
    /** The same for what measures quality, on top of the other. */
    measuring: counted("measureCpuSeconds"),
    /** The same for what finds CRFs and renditions, on top of the other. */
    aiming: counted("aimCpuSeconds"),
    storage: (storage: Storage): Storage => observedStorage(storage, { request, bytes, fetched }),
  };
}

function growth(add: (more: number) => void) {
  let last = 0;
  return (value: number) => {
    add(Math.max(0, value - last));
    last = value;
  };
}
