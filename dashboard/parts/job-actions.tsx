import { useSignal } from "@preact/signals";
import { isFinal, type Job } from "#client/client.ts";
import { curlOf } from "../curl.ts";
import { readJobs } from "../state/jobs.ts";
import { jobHref } from "../state/route.ts";
import { apiKey, client, noted } from "../state/session.ts";
import { announce } from "./announce.tsx";
import { Copy } from "./copy.tsx";

/** What can be done with a job. */
export function JobActions({ job: { job_id, status, order } }: { job: Job }) {
  const trouble = useSignal("");
  const isAsked = useSignal(false);
  const act = async (done: () => Promise<unknown>) => {
    trouble.value = "";
    isAsked.value = false;
    try {
      await done();
    } catch (error) {
      trouble.value = error instanceof Error ? error.message : String(error);
    }
  };
  const cancel = () =>
    act(async () => {
      await noted(client.value.cancel(job_id));
      announce("The job is being cancelled");
    });
  const again = () =>
    act(async () => {
      const next = await noted(client.value.retry(job_id));
      await readJobs();
      location.hash = jobHref(next.job_id);
    });
  const ask = () => {
    isAsked.value = true;
  };
  return (
    <div class="actions">
      {!isFinal(status) && !isAsked.value && (
        <button type="button" onClick={ask}>
          Cancel
        </button>
      )}
      {!isFinal(status) && isAsked.value && (
        <button type="button" class="danger" onClick={cancel}>
          Really cancel
        </button>
      )}
      {isFinal(status) && (
        <button type="button" onClick={again}>
          Run again
        </button>
      )}
      {order && <Copy label="Copy as curl" text={curlOf(orderAsPosted(order), location.origin, apiKey.value !== "")} />}
      <p class="trouble" role="alert">
        {trouble.value}
      </p>
    </div>
  );
}

const orderAsPosted = ({ input_url, preset, output }: NonNullable<Job["order"]>) => ({
  input_url,
  preset,
  ...(output && { output }),
});
