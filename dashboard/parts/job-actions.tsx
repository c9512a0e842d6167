import { useSignal } from "@preact/signals";
import { isFinal, type Job, type Priority, type RetryOrder } from "#client/client.ts";
import { curlOf } from "../curl.ts";
import { readJobs } from "../state/jobs.ts";
import { jobHref } from "../state/route.ts";
import { apiKey, client, noted } from "../state/session.ts";
import { announce } from "./announce.tsx";
import { Copy } from "./copy.tsx";
import { RemoveJob } from "./remove-job.tsx";

/** The buttons that cancel a job, run it again, remove it and copy it. */
export function JobActions({ job: { job_id, status, position, order } }: { job: Job }) {
  const problem = useSignal("");
  const asked = useSignal<"nothing" | "cancel" | "replace">("nothing");
  const act = async (done: () => Promise<unknown>) => {
    problem.value = "";
    asked.value = "nothing";
    try {
      await done();
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  };
  const cancel = () =>
    act(async () => {
      await noted(client.value.cancel(job_id));
      announce("The job is being cancelled");
    });
  const move = (priority: Priority) =>
    act(async () => {
      await noted(client.value.setPriority(job_id, priority));
      await readJobs();
      announce(`The job waits with priority ${priority}`);
    });
  // The next job writes to the place of the completed one.
  const again = (changes: RetryOrder = {}) =>
    act(async () => {
      const next = await noted(client.value.retry(job_id, changes));
      await readJobs();
      location.assign(jobHref(next.job_id));
    });
  const ask = (question: typeof asked.value) => () => {
    asked.value = question;
  };
  return (
    <div class="actions">
      {position !== undefined && (
        <>
          <button type="button" onClick={() => move("high")}>
            Raise
          </button>
          <button type="button" onClick={() => move("low")}>
            Lower
          </button>
        </>
      )}
      {!isFinal(status) && asked.value !== "cancel" && (
        <button type="button" onClick={ask("cancel")}>
          Cancel
        </button>
      )}
      {!isFinal(status) && asked.value === "cancel" && (
        <button type="button" class="danger" onClick={cancel}>
          Really cancel
        </button>
      )}
      {isFinal(status) && asked.value !== "replace" && (
        <button type="button" onClick={status === "completed" ? ask("replace") : () => again()}>
          Run again
        </button>
      )}
      {asked.value === "replace" && (
        <button type="button" class="danger" onClick={() => again({ overwrite: true })}>
          Replace the output
        </button>
      )}
      {isFinal(status) && <RemoveJob jobId={job_id} />}
      {order && <Copy label="Copy as curl" text={curlOf(orderAsPosted(order), location.origin, apiKey.value !== "")} />}
      <p class="problem" role="alert">
        {problem.value}
      </p>
    </div>
  );
}

const orderAsPosted = ({ input_url, inputs, preset, output }: NonNullable<Job["order"]>) => ({
  ...(inputs ? { inputs } : { input_url }),
  preset,
  ...(output && { output }),
});
