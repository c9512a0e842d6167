import { useSignal } from "@preact/signals";
import { ApiFault } from "#client/client.ts";
import { save } from "../save.ts";
import { client } from "../state/session.ts";

/** Shows all that ffmpeg said in a failed job, which the API gives only to who has a key, when it is asked for. */
export function JobLog({ jobId }: { jobId: string }) {
  const log = useSignal<string | undefined>(undefined);
  const problem = useSignal("");
  const show = async () => {
    problem.value = "";
    try {
      log.value = await client.value.log(jobId);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const isNone = error instanceof ApiFault && error.kind === "not_found";
      problem.value = isNone ? words : `The log cannot be read: ${words}`;
    }
  };
  const text = log.value;
  if (text === undefined)
    return (
      <>
        <p>
          <button type="button" onClick={show}>
            Show ffmpeg's log
          </button>
        </p>
        {problem.value && <p role="alert">{problem.value}</p>}
      </>
    );
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls what has the focus. */}
      <pre class="code job-log" tabIndex={0}>
        {text}
      </pre>
      <p>
        <button type="button" onClick={() => save(new Blob([text], { type: "text/plain" }), `${jobId}.log`)}>
          Save it
        </button>
      </p>
    </>
  );
}
