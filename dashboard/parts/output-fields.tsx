import { type Fault, type Form, metricNames, storageNames } from "../order-form.ts";
import { areHidden, workers } from "../state/workers.ts";
import { ChoiceField } from "./choice-field.tsx";
import { TextField } from "./text-field.tsx";

type Props = { form: Form; fault: Fault; isOne: boolean; set(change: Partial<Form>): void };

/** Where the output goes, and who is told. */
export const OutputFields = ({ form, fault, isOne, set }: Props) => (
  <>
    <div class="pair">
      <ChoiceField
        id="output.storage"
        label="Storage"
        hint="Where the output goes."
        problem={fault.fields["output.storage"]}
        value={form.storage}
        choices={[["", "The service's default"], ...storages().map((name) => [name, name] as const)]}
        onValue={(storage) => set({ storage })}
      />
      <TextField
        id="output.path"
        label="Path"
        hint={
          isOne
            ? "Left empty: outputs/<job id>. Ends in / for HLS and DASH."
            : "Left empty: outputs/<job id>. {name} is the name of each source."
        }
        problem={fault.fields["output.path"]}
        value={form.path}
        onValue={(path) => set({ path })}
      />
    </div>
    <div class="pair">
      <ChoiceField
        id="measure"
        label="Quality"
        hint="Measured with the source before anything is shown, by VMAF or SSIM."
        problem={fault.fields["measure"]}
        value={form.measure}
        choices={[
          ["", "As the preset says"],
          ...metricNames.map((name) => [name, `Measure ${name.toUpperCase()}`] as const),
        ]}
        onValue={(measure) => set({ measure })}
      />
      <TextField
        id="quality.vmaf"
        label="VMAF to reach"
        hint="Left empty: the preset's. 93 is close to the source."
        problem={fault.fields["quality.vmaf"] ?? fault.fields["quality"]}
        inputMode="decimal"
        value={form.vmaf}
        onValue={(vmaf) => set({ vmaf })}
      />
    </div>
    <div class="pair">
      <TextField
        id="workers"
        label="Workers"
        hint="How many may share a long film, up to 32. Left empty: the service's default."
        problem={fault.fields["workers"]}
        inputMode="numeric"
        value={form.workers}
        onValue={(workers) => set({ workers })}
      />
      <TextField
        id="callback_url"
        label="Webhook"
        hint="Called when the job has ended. Optional."
        problem={fault.fields["callback_url"]}
        inputMode="url"
        value={form.callback_url}
        onValue={(callback_url) => set({ callback_url })}
      />
    </div>
    <div class="pair">
      <label class="check">
        <input
          type="checkbox"
          checked={form.overwrite}
          onChange={({ currentTarget }) => set({ overwrite: currentTarget.checked })}
        />
        Replace an existing output
      </label>
    </div>
  </>
);

/** The storages of the connected workers; all known ones when the API key may not list workers. */
const storages = () => {
  if (areHidden.value) return storageNames;
  const capabilities = (workers.value ?? []).flatMap((worker) => (worker.reachable ? worker.capabilities : []));
  const names = capabilities.filter((name) => name.startsWith("storage:")).map((name) => name.slice("storage:".length));
  return [...new Set(names)];
};
