import { useSignal } from "@preact/signals";
import { save } from "../save.ts";
import { apiKey } from "../state/session.ts";

type Props = { jobId: string; url: string };

/** Saves a job's certificate, which the API gives only to who has a key. */
export function Certificate({ jobId, url }: Props) {
  const problem = useSignal("");
  const fetchIt = async () => {
    problem.value = "";
    try {
      const key = apiKey.value;
      const answer = await fetch(url, { headers: key ? { Authorization: `Bearer ${key}` } : {} });
      if (!answer.ok) throw new Error(`the service answers ${answer.status}`);
      save(await answer.blob(), `${jobId}.intoto.jsonl`);
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
