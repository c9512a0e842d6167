import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Preset } from "#client/client.ts";
import { curlOf } from "../curl.ts";
import { emptyForm, type Fault, type Form, faultOf, noFault, orderIn, storageNames } from "../order-form.ts";
import { Copy } from "../parts/copy.tsx";
import { Field } from "../parts/field.tsx";
import { readJobs } from "../state/jobs.ts";
import { jobHref } from "../state/route.ts";
import { apiKey, client, noted } from "../state/session.ts";
import { areHidden, workers } from "../state/workers.ts";

export function NewJob() {
  const form = useSignal(emptyForm);
  const presets = useSignal<readonly Preset[]>([]);
  const fault = useSignal(noFault);
  const isSending = useSignal(false);
  const curl = useComputed(() => curlOf(orderIn(form.value), location.origin, apiKey.value !== ""));

  useEffect(() => {
    noted(client.value.presets())
      .then((offered) => {
        presets.value = offered;
        form.value = { ...form.value, preset: form.value.preset || (offered[0]?.name ?? "") };
      })
      .catch((error) => {
        fault.value = faultOf(error);
      });
  }, []);

  const set = (change: Partial<Form>) => {
    form.value = { ...form.value, ...change };
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    fault.value = noFault;
    isSending.value = true;
    try {
      const { job_id } = await noted(client.value.submit(orderIn(form.value)));
      readJobs().catch(() => {});
      location.assign(jobHref(job_id));
    } catch (error) {
      fault.value = faultOf(error);
      focusFirst(fault.value);
    }
    isSending.value = false;
  };

  const text = (field: "input_url" | "path" | "callback_url", name: string, label: string, hint: string) => (
    <Field id={name} label={label} hint={hint} problem={fault.value.fields[name]}>
      {(described) => (
        <input
          {...described}
          type="text"
          inputMode={field === "path" ? "text" : "url"}
          spellcheck={false}
          autocomplete="off"
          value={form.value[field]}
          onInput={({ currentTarget }) => set({ [field]: currentTarget.value })}
        />
      )}
    </Field>
  );
  const select = (
    field: "preset" | "storage",
    name: string,
    label: string,
    hint: string,
    choices: readonly string[],
  ) => (
    <Field id={name} label={label} hint={hint} problem={fault.value.fields[name]}>
      {(described) => (
        <select
          {...described}
          value={form.value[field]}
          onChange={({ currentTarget }) => set({ [field]: currentTarget.value })}
        >
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice || "The service's default"}
            </option>
          ))}
        </select>
      )}
    </Field>
  );

  return (
    <>
      <div class="bar-of-page">
        <h1>New job</h1>
      </div>
      <div class="columns-of-page">
        <form class="card" onSubmit={submit} noValidate>
          {text("input_url", "input_url", "Source", "The video's URL: https://…")}
          {select(
            "preset",
            "preset",
            "Preset",
            describe(presets.value, form.value.preset),
            presets.value.map(({ name }) => name),
          )}
          {select("storage", "output.storage", "Storage", "Where the output goes.", ["", ...storages()])}
          {text("path", "output.path", "Path", "Left empty: outputs/<job id>. Ends in / for HLS and DASH.")}
          <label class="check">
            <input
              type="checkbox"
              checked={form.value.overwrite}
              onChange={({ currentTarget }) => set({ overwrite: currentTarget.checked })}
            />
            Replace an existing output
          </label>
          {text("callback_url", "callback_url", "Webhook", "Called when the job has ended. Optional.")}
          <p class="problem" role="alert">
            {fault.value.message}
          </p>
          <button type="submit" class="primary" disabled={isSending.value}>
            {isSending.value ? "Finding a worker…" : "Start"}
          </button>
        </form>
        <section class="card">
          <h2>The same with curl</h2>
          <pre class="code">{curl}</pre>
          <Copy label="Copy" text={curl.value} />
        </section>
      </div>
    </>
  );
}

const describe = (presets: readonly Preset[], name: string) =>
  presets.find((preset) => preset.name === name)?.description ?? "How it is encoded.";

/** The storages of the connected workers; all known ones when the API key may not list workers. */
const storages = () => {
  if (areHidden.value) return storageNames;
  const capabilities = (workers.value ?? []).flatMap((worker) => (worker.reachable ? worker.capabilities : []));
  const names = capabilities.filter((name) => name.startsWith("storage:")).map((name) => name.slice("storage:".length));
  return [...new Set(names)];
};

const focusFirst = ({ fields }: Fault) => document.getElementById(Object.keys(fields)[0] ?? "")?.focus();
