import { paramFields } from "../media-params.ts";
import { thumbnailFields } from "../media-thumbnails.ts";
import { type Fault, type Form, problemIn } from "../order-form.ts";
import { pictureFields } from "../picture-form.ts";
import { OverlayFields } from "./overlay-fields.tsx";
import { PictureFields } from "./picture-fields.tsx";
import { SoundFields } from "./sound-fields.tsx";
import { SubtitleFields } from "./subtitle-fields.tsx";
import { TextField } from "./text-field.tsx";

type Props = { form: Form; fault: Fault; set(change: Partial<Form>): void };

/** How the preset applies to this order; most orders leave all of it as the preset has it. */
export const MediaFields = ({ form, fault, set }: Props) => (
  <details open={Object.keys(fault.fields).some(isHere)}>
    <summary>More: a part of the source, what of the preset is changed, pictures beside the film</summary>
    {["params", "thumbnails"].map((name) => fault.fields[name] && <p class="problem">{fault.fields[name]}</p>)}
    <div class="pair">
      <TextField
        id="clip.start"
        label="From"
        hint="Where the part of the source begins: seconds, or 1:02:03.5. Left empty: its beginning."
        problem={fault.fields["clip.start"] ?? fault.fields["clip"]}
        value={form.clip_start}
        onValue={(clip_start) => set({ clip_start })}
      />
      <TextField
        id="clip.end"
        label="To"
        hint="Where it ends. Left empty: the source's end."
        problem={fault.fields["clip.end"]}
        value={form.clip_end}
        onValue={(clip_end) => set({ clip_end })}
      />
    </div>
    <div class="pair">
      {paramFields.map(([name, { label, hint, isNumber }]) => (
        <TextField
          key={name}
          id={`params.${name}`}
          label={label}
          hint={hint}
          {...(isNumber && name !== "loudness" && { inputMode: "numeric" as const })}
          problem={fault.fields[`params.${name}`]}
          value={form.params[name] ?? ""}
          onValue={(value) => set({ params: { ...form.params, [name]: value } })}
        />
      ))}
      {thumbnailFields.map(({ name, field, label, hint }) => (
        <TextField
          key={name}
          id={field}
          label={label}
          hint={hint}
          problem={problemIn(fault, field)}
          value={form.thumbnails[name]}
          onValue={(value) => set({ thumbnails: { ...form.thumbnails, [name]: value } })}
        />
      ))}
    </div>
    <PictureFields form={form} fault={fault} set={set} />
    <SubtitleFields form={form} fault={fault} set={set} />
    <SoundFields form={form} fault={fault} set={set} />
    <OverlayFields form={form} fault={fault} set={set} />
  </details>
);

/** Whether a field of an order is in this group. */
const isHere = (field: string) =>
  /^(params|clip|thumbnails|overlay|subtitles|audio)/.test(field) ||
  pictureFields.some(([name]) => field.split(".")[0] === name);
