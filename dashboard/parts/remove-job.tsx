import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Removal } from "#client/client.ts";
import { forgetJob } from "../state/jobs.ts";
import { mayRemove, readScopes } from "../state/scopes.ts";
import { client, noted } from "../state/session.ts";
import { announce } from "./announce.tsx";

/** Removes an ended job with its output, after a second thought; only where the API key may. */
export function RemoveJob({ jobId }: { jobId: string }) {
  const step = useSignal<"offered" | "asked" | "removing" | "removed">("offered");
  const words = useSignal("");
  useEffect(() => {
    // Without an answer the button is not shown.
    readScopes().catch(() => {});
  }, [client.value]);
  const remove = async () => {
    step.value = "removing";
    words.value = "";
    try {
      const removal = await noted(client.value.remove(jobId));
      step.value = "removed";
      forgetJob(jobId);
      announce("The job is removed");
      if (removal.different_total > 0) words.value = stays(removal);
      else location.hash = "#/";
    } catch (error) {
      step.value = "offered";
      words.value = error instanceof Error ? error.message : String(error);
    }
  };
  if (!mayRemove.value || step.value === "removed") return <Words text={words.value} />;
  return (
    <>
      {step.value === "offered" && (
        <button
          type="button"
          onClick={() => {
            step.value = "asked";
          }}
        >
          Remove
        </button>
      )}
      {step.value !== "offered" && (
        <button type="button" class="danger" onClick={remove} disabled={step.value === "removing"}>
          Remove job and output
        </button>
      )}
      <Words text={words.value} />
    </>
  );
}

const Words = ({ text }: { text: string }) =>
  text && (
    <p class="problem" role="alert">
      {text}
    </p>
  );

const stays = ({ different, different_total }: Removal) =>
  `The job is removed. What another job has put in the place of its output stays (${different_total}): ${different.join(", ")}`;
