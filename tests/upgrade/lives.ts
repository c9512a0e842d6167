import { connect, type Job, type JobEvent } from "#client/client.ts";
import type { Process } from "#tests/support/processes.ts";

type Parts = {
  /** Where the control plane is. */
  url: string;
  /** Sources of a second and of some. */
  sources: { short: string; long: string };
  /** Presets that are quick, and that leave time to break things. */
  presets: { quick: string; slow: string };
  /** Starts the worker, on the same port and disk each time. */
  startWorker(): Promise<Process>;
};

const isEncoding = ({ progress = 0 }: JobEvent) => progress > 0;

/** What a control plane and a worker must be able to do together, whatever they know of each other: its jobs as they ended. */
export async function livesOfJobs({ url, sources, presets: { quick, slow }, startWorker }: Parts): Promise<Job[]> {
  const service = connect({ server: url });
  const submitted = async (input_url: string, preset: string) => (await service.submit({ input_url, preset })).job_id;
  const begun = async (jobId: string) => {
    for await (const event of service.watch(jobId)) if (isEncoding(event)) return;
  };

  const worker = await startWorker();
  const watched = await submitted(sources.short, quick);
  await lastOf(service.watch(watched));

  const cancelled = await submitted(sources.long, slow);
  await begun(cancelled);
  await service.cancel(cancelled);
  await lastOf(service.watch(cancelled));

  const killed = await submitted(sources.long, slow);
  const watching = lastOf(service.watch(killed));
  await begun(killed);
  worker.kill("SIGKILL");
  await worker.exited;
  await using _again = await startWorker();
  await watching;

  return await Promise.all([watched, cancelled, killed].map((jobId) => service.job(jobId)));
}

export const endsOf = (jobs: readonly Job[]) => jobs.map(({ status, attempt }) => `${status} in attempt ${attempt}`);

/** The status of the last event; throws when the numbers do not grow. */
async function lastOf(events: AsyncIterable<JobEvent>): Promise<JobEvent["status"] | undefined> {
  let last: JobEvent | undefined;
  for await (const event of events) {
    if (event.sequence <= (last?.sequence ?? 0)) throw new Error(`${event.sequence} came after ${last?.sequence}`);
    last = event;
  }
  return last?.status;
}

export const expectedEnds = ["completed in attempt 1", "cancelled in attempt 1", "completed in attempt 2"];
