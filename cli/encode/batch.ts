import { failureOf } from "#cli/failure.ts";
import { onInterrupt } from "#cli/interrupt.ts";
import type { Display, Outcome } from "#cli/progress.ts";
import type { Client } from "#client/client.ts";
import { retry } from "#shared/async/retry.ts";
import { Fault } from "#shared/fault.ts";
import { type Follow, finalEvent } from "./follow.ts";
import type { Task } from "./tasks.ts";
import type { UploadSource } from "./upload.ts";

const busyRetry = { firstPauseMs: 1_000, factor: 1 };

/** Where a task's output is already, if it is. */
export type FindOutput = (path: string) => string | undefined;

type Running = {
  slots: number;
  display: Display;
  findOutput: FindOutput;
  /** Uploads sources that are files of this machine; absent where the service reads them itself. */
  uploadSource?: UploadSource | undefined;
};

/**
 * Runs all tasks, as many at a time as there are slots; the outcomes come in the order of their ends. Ctrl-C cancels
 * what runs and begins nothing more.
 */
export async function runBatch(
  api: Client,
  tasks: readonly Task[],
  { slots, display, findOutput, uploadSource }: Running,
): Promise<Outcome[]> {
  const running = new Set<string>();
  let isInterrupted = false;
  const interrupted = new AbortController();
  using interrupt = onInterrupt(async () => {
    isInterrupted = true;
    interrupted.abort(new Fault("cancelled", "interrupted"));
    if (running.size > 0) display.note("cancelling");
    await Promise.all([...running].map((id) => cancel(api, id)));
  });

  // Others may take the last slot; who has a single job is better told at once.
  const isRetryable = (error: unknown) => tasks.length > 1 && !isInterrupted && failureOf(error).kind === "busy";
  const submit = async (task: Task) => {
    const uploaded = await uploadSource?.(task, interrupted.signal);
    const { order } = uploaded ?? task;
    try {
      return await retry(() => api.submit(order), { ...busyRetry, isRetryable });
    } catch (error) {
      // No job reads it.
      await uploaded?.remove();
      throw error;
    }
  };

  const run = async (task: Task): Promise<Outcome> => {
    const output_url = findOutput(task.path);
    if (output_url) return { status: "skipped", output_url };
    const follow: Follow = { signal: interrupt.signal, show: (event) => display.show(task.name, event) };
    try {
      const { job_id } = await submit(task);
      running.add(job_id);
      if (isInterrupted) await cancel(api, job_id);
      return await finalEvent(api, job_id, follow).finally(() => running.delete(job_id));
    } catch (error) {
      interrupt.signal.throwIfAborted();
      return { status: "failed", error: failureOf(error) };
    }
  };

  const outcomes: Outcome[] = [];
  const left = tasks.values();
  const work = async () => {
    for (const task of left) {
      if (isInterrupted) return;
      const outcome = await run(task);
      display.end(task.name, outcome);
      outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(slots, tasks.length) }, work));
  return outcomes;
}

/** A job that is being published, or has ended meanwhile, is left to its end. */
async function cancel(api: Client, id: string) {
  await api.cancel(id).catch((error) => {
    if (failureOf(error).kind !== "conflict") throw error;
  });
}
