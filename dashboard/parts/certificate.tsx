import { useSignal } from "@preact/signals";
import { save } from "../save.ts";
import { client } from "../state/session.ts";

/** Saves a job's certificate, which the API gives only to who has a key. */
export function Certificate({ jobId }: { jobId: string }) {
  const problem = useSignal("");
  const fetchIt = async () => {
    problem.value = "";
    try {
      const text = await client.value.certificate(jobId);
      save(new Blob([text], { type: "application/jsonl" }), `${jobId}.intoto.jsonl`);
    } catch (error) {
      problem.value = `The certificate cannot be read: ${error instanceof Error ? error.message : error}`;
    }
  };
  return (
    <section class="card">
      <h2>Certificate</h2>
      <p class="hint">
        Every published file with its SHA-256, signed by the worker. <code>flux verify</code> holds files against it.
      </p>
      <button type="button" onClick={fetchIt}>
        Save it
      </button>
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
    </section>
  );
}
