import { toFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { Config } from "./config.ts";
import { isJobLeft } from "./journal/journal.ts";

// A worker exits for one of these reasons:
// - AUTO_STOP: it had no job within IDLE_TIMEOUT of its start, or none for IDLE_GRACE since the last one ended;
// - SIGTERM or SIGINT: running jobs may end within DRAIN_TIMEOUT, the others stay on its disk;
// - it cannot start, or cannot work with its ffmpeg.

/** As in sysexits.h: EX_TEMPFAIL asks to start the worker again, EX_CONFIG says to correct the settings first. */
const [EX_OK, EX_FAILURE, EX_TEMPFAIL, EX_CONFIG] = [0, 1, 75, 78];

/** The exit code of a worker that stopped: it is to be started again when jobs are left on its disk. */
export const exitCodeOfStop = (isJobLeft: boolean) => (isJobLeft ? EX_TEMPFAIL : EX_OK);

/** The exit code of a worker that cannot start, or cannot work with its ffmpeg. */
export function exitCodeOfFailure(error: unknown) {
  if (toFault(error).kind === "invalid") return EX_CONFIG;
  // A failed system call, such as a read from the disk, may succeed at the next start.
  return error instanceof Error && "syscall" in error ? EX_TEMPFAIL : EX_FAILURE;
}

/** Called when there is something to do, and when all of it is done. */
export type Activity = { busy(): void; idle(): void };

/** Ends an occupation of the worker: from then on it does not keep an idle worker from stopping. */
export type Release = () => void;

/** Counts what there is to do. Each call begins an occupation; its release ends that, however often it is called. */
export function makeOccupancy({ busy, idle }: Activity) {
  const going = new Set<symbol>();
  return (): Release => {
    const one = Symbol("going");
    going.add(one);
    busy();
    return () => {
      if (going.delete(one) && going.size === 0) idle();
    };
  };
}

/** A disk or storage that refuses what must be read or written keeps an idle worker from stopping no longer than this. */
const longestRefusalMs = 60_000;

/** Releases an occupation after a minute, unless it is disposed before. */
export function releaseInTime(release: Release): Disposable {
  const timer = setTimeout(release, longestRefusalMs);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

type IdleSettings = Pick<Config, "autoStop" | "idleGraceMs" | "idleTimeoutMs">;

/** Stops a worker that has had no work for long enough, once `begin` has said how. */
export function makeIdleStop({ autoStop, idleGraceMs, idleTimeoutMs }: IdleSettings) {
  let stop: (() => unknown) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (ms: number) => {
    clearTimeout(timer);
    // A start may take longer than the grace: until it is over the worker waits again.
    if (autoStop) timer = setTimeout(() => (stop ? stop() : wait(idleGraceMs)), ms);
  };
  wait(idleTimeoutMs);
  return {
    busy: () => clearTimeout(timer),
    idle: () => wait(idleGraceMs),
    begin(stopWorker: () => unknown) {
      stop = stopWorker;
    },
  };
}

/** How long the watchers of a stopping worker may take to read the last event. */
const lastEventMs = 5_000;

type Parts = {
  registry: { close(): void; drain(graceMs: number): Promise<void> };
  server: { stop(graceMs: number): Promise<unknown> };
  retries: { stop(): Promise<void> };
  sweep: { stop(): Promise<void> };
  trace: { close(): Promise<void> };
  tls: Disposable | undefined;
  workDir: Disposable & { folder: string };
};

/** Ends the parts of a worker in their order, once, however often it is asked to. */
export function makeStop({ registry, server, retries, sweep, trace, tls, workDir }: Parts) {
  const stopped = Promise.withResolvers<boolean>();
  const endParts = async () => {
    registry.close();
    await Promise.all([server.stop(lastEventMs), retries.stop(), sweep.stop()]);
    await trace.close();
    tls?.[Symbol.dispose]();
    const isLeft = await isJobLeft(workDir.folder);
    workDir[Symbol.dispose]();
    stopped.resolve(isLeft);
  };
  let ending: Promise<void> | undefined;
  const stop = () => {
    ending ??= endParts();
    return ending;
  };
  return {
    stop,
    /** Resolves when all parts have ended: true when jobs are left on the disk for the next start. */
    stopped: stopped.promise,
    /** Takes no more jobs, lets running ones end within the grace, and stops. */
    async drain(graceMs: number) {
      await registry.drain(graceMs);
      await stop();
    },
  };
}

/** The first SIGTERM or SIGINT drains the worker; the second does not wait for running jobs. */
export function drainOnSignal(worker: { drain(graceMs?: number): Promise<void> }, log: Log) {
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => {
      log.info({ signal }, "draining");
      void worker.drain();
      process.once(signal, () => void worker.drain(0));
    });
  }
}
