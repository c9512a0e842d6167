import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Preset } from "#client/client.ts";
import { curlOf } from "../curl.ts";
import { sourceUrls } from "../format.ts";
import { presetGroups } from "../media-words.ts";
import {
  emptyForm,
  type Fault,
  type Form,
  faultIn,
  faultOf,
  filmsIn,
  noFault,
  orderFor,
  problemIn,
} from "../order-form.ts";
import { Copy } from "../parts/copy.tsx";
import { Field } from "../parts/field.tsx";
import { FileDrop } from "../parts/file-drop.tsx";
import { MediaFields } from "../parts/media-fields.tsx";
import { OutputFields } from "../parts/output-fields.tsx";
import { PlanCard } from "../parts/plan-card.tsx";
import { PresetChoice } from "../parts/preset-choice.tsx";
import { readJobs } from "../state/jobs.ts";
import { forgetPlan } from "../state/plan.ts";
import { jobHref } from "../state/route.ts";
import { apiKey, client, noted } from "../state/session.ts";
import { type Sent, submitAll } from "../state/submit-all.ts";
import { uploadEach, uploads } from "../state/uploads.ts";

export function NewJob() {
  const form = useSignal(emptyForm);
  const presets = useSignal<readonly Preset[]>([]);
  const fault = useSignal(noFault);
  const isSending = useSignal(false);
  const films = useComputed(() => filmsIn(form.value));
  const curl = useComputed(() =>
    curlOf(orderFor(films.value[0] ?? [], form.value), location.origin, apiKey.value !== ""),
  );

  useEffect(() => {
    noted(client.value.presets())
      .then((offered) => {
        presets.value = offered;
        form.value = { ...form.value, preset: form.value.preset || (presetGroups(offered)[0]?.[1][0]?.name ?? "") };
      })
      .catch((error) => {
        fault.value = faultOf(error);
      });
    return forgetPlan;
  }, []);

  const set = (change: Partial<Form>) => {
    form.value = { ...form.value, ...change };
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    fault.value = faultIn(form.value);
    if (fault.value === noFault) {
      isSending.value = true;
      const sent = await submitAll(films.value.map((sources) => orderFor(sources, form.value)));
      isSending.value = false;
      readJobs().catch(() => {});
      const refused = sent.filter((one) => one.fault !== undefined);
      if (refused.length === 0) return open(sent);
      fault.value = refusal(sent);
      // What was started is not ordered twice.
      set({ sources: refused.flatMap(({ order }) => sourceUrls(order)).join("\n") });
    }
    focusFirst(fault.value);
  };

  const upload = async (files: readonly File[]) => {
    const sent: Sent[] = [];
    await uploadEach(files, async (inputUrl, { name }) => {
      // It is ordered with the others that it is joined with.
      if (form.value.isJoined) set({ sources: [form.value.sources, inputUrl].filter(Boolean).join("\n") });
      else sent.push(...(await submitAll([orderFor([inputUrl], form.value, name)])));
    });
    if (sent.length === 0) return;
    readJobs().catch(() => {});
    const refused = sent.filter((one) => one.fault !== undefined);
    if (refused.length === 0 && uploads.value.size === 0) return open(sent);
    if (refused.length === 0) return;
    fault.value = refusal(sent);
    // What is uploaded stays for a while, and can be ordered otherwise.
    set({
      sources: [form.value.sources, ...refused.flatMap(({ order }) => sourceUrls(order))].filter(Boolean).join("\n"),
    });
  };

  return (
    <>
      <h1>New job</h1>
      <div class="columns-of-form">
        <form class="card" onSubmit={submit} noValidate>
          <Field
            id="input_url"
            label="Source"
            hint="The video's URL: https://… Several are several jobs, or joined to one film: one a line."
            problem={fault.value.fields["input_url"] ?? problemIn(fault.value, "inputs")}
          >
            {(described) => (
              <textarea
                {...described}
                rows={Math.min(8, Math.max(1, form.value.sources.split("\n").length))}
                spellcheck={false}
                autocomplete="off"
                value={form.value.sources}
                onInput={({ currentTarget }) => set({ sources: currentTarget.value })}
              />
            )}
          </Field>
          <label class="check">
            <input
              type="checkbox"
              checked={form.value.isJoined}
              onChange={({ currentTarget }) => set({ isJoined: currentTarget.checked })}
            />
            Join all to one film
          </label>
          <FileDrop onFiles={upload} />
          <PresetChoice
            presets={presets.value}
            chosen={form.value.preset}
            problem={fault.value.fields["preset"]}
            onChoose={(preset) => set({ preset })}
          />
          <OutputFields form={form.value} fault={fault.value} isOne={films.value.length === 1} set={set} />
          <MediaFields form={form.value} fault={fault.value} set={set} />
          <p class="problem" role="alert">
            {fault.value.message}
          </p>
          <button type="submit" class="primary" disabled={isSending.value}>
            {isSending.value ? "Finding a worker…" : startWords(films.value.length)}
          </button>
        </form>
        <div class="beside">
          <PlanCard form={form.value} />
          <section class="card">
            <h2>The same with curl</h2>
            {films.value.length > 1 && <p class="hint">Once for each source; this is the first.</p>}
            <pre class="code">{curl}</pre>
            <Copy label="Copy" text={curl.value} />
          </section>
        </div>
      </div>
    </>
  );
}

const startWords = (jobs: number) => (jobs === 1 ? "Start" : `Start ${jobs} jobs`);

/** Opens the job, or the list where there are several. */
const open = ([first, ...others]: readonly Sent[]) =>
  location.assign(first?.fault === undefined && others.length === 0 ? jobHref(first?.jobId ?? "") : "/#/");

/** What is said when not all orders were taken: of one order what is wrong with it, else how many and why the first. */
function refusal(sent: readonly Sent[]): Fault {
  const faults = sent.flatMap(({ fault }) => fault ?? []);
  const [first = noFault] = faults;
  if (sent.length === 1) return first;
  const message = `${sent.length - faults.length} of ${sent.length} were started. Those that are left were refused.`;
  return {
    message: Object.keys(first.fields).length > 0 ? message : `${message} ${first.message}`,
    fields: first.fields,
  };
}

const focusFirst = ({ fields }: Fault) => document.getElementById(Object.keys(fields)[0] ?? "")?.focus();
