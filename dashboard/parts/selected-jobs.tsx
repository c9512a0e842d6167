import { useSignal } from "@preact/signals";
import { cancelAll, choices, retryAll, selectAll, selected } from "../state/selection.ts";
import { announce } from "./announce.tsx";

/** What can be done with the selected jobs together; the second thought is asked for a cancel. */
export function SelectedJobs() {
  const asked = useSignal(false);
  const isBusy = useSignal(false);
  const words = useSignal("");
  const { all, toCancel, toRetry } = choices.value;
  const act = async (done: Promise<string>) => {
    isBusy.value = true;
    asked.value = false;
    words.value = await done;
    announce(words.value);
    isBusy.value = false;
  };
  if (selected.value.size === 0 && words.value === "") return null;
  return (
    <section class="selection" aria-label="Selected jobs">
      <b>{all === 0 ? words.value : `${all} selected`}</b>
      {all > 0 && words.value !== "" && <span class="problem">{words.value}</span>}
      <div class="choices">
        {toCancel.length > 0 && !asked.value && (
          <button
            type="button"
            disabled={isBusy.value}
            onClick={() => {
              asked.value = true;
            }}
          >
            Cancel {toCancel.length}
          </button>
        )}
        {toCancel.length > 0 && asked.value && (
          <button type="button" class="danger" onClick={() => act(cancelAll(toCancel))}>
            Really cancel {toCancel.length}
          </button>
        )}
        {toRetry.length > 0 && (
          <button type="button" disabled={isBusy.value} onClick={() => act(retryAll(toRetry))}>
            Run {toRetry.length} again
          </button>
        )}
        <button
          type="button"
          class="quiet"
          onClick={() => {
            words.value = "";
            asked.value = false;
            selectAll(false);
          }}
        >
          {all === 0 ? "Close" : "Clear"}
        </button>
      </div>
    </section>
  );
}
