import type { Fault, Form } from "../order-form.ts";
import { type OverlayTexts, positionNames } from "../overlay-form.ts";
import { ChoiceField } from "./choice-field.tsx";
import { TextField } from "./text-field.tsx";

type Props = { form: Form; fault: Fault; set(change: Partial<Form>): void };

/** A picture that is laid over the film. */
export function OverlayFields({ form, fault, set }: Props) {
  const field = (name: keyof OverlayTexts) => ({
    ...{ id: `overlay.0.${name}`, problem: fault.fields[`overlay.0.${name}`], value: form.overlay[name] },
    onValue: (value: string) => set({ overlay: { ...form.overlay, [name]: value } }),
  });
  return (
    <div class="pair">
      <TextField
        {...field("url")}
        label="Watermark"
        hint="The URL of a PNG, WebP or GIF that is laid over the film."
        problem={fault.fields["overlay.0.url"] ?? fault.fields["overlay"]}
        inputMode="url"
      />
      <ChoiceField
        {...field("position")}
        label="Its place"
        hint="Where it lies."
        choices={[["", "bottom_right"], ...positionNames.map((name) => [name, name] as const)]}
      />
      <TextField {...field("width")} label="Its width" hint="Pixels, or a share such as 12%." />
      <TextField {...field("opacity")} label="Its opacity" hint="From 0.01 to 1." inputMode="decimal" />
    </div>
  );
}
