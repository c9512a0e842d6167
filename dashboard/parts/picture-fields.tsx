import { type Fault, type Form, problemIn } from "../order-form.ts";
import { pictureFields } from "../picture-form.ts";
import { ChoiceField } from "./choice-field.tsx";
import { TextField } from "./text-field.tsx";

type Props = { form: Form; fault: Fault; set(change: Partial<Form>): void };

/** What of the picture is other than in the source. */
export const PictureFields = ({ form, fault, set }: Props) => (
  <div class="pair">
    {pictureFields.map(([name, { label, hint, choices }]) => {
      const field = {
        ...{ id: name, label, hint, problem: problemIn(fault, name), value: form.picture[name] ?? "" },
        onValue: (value: string) => set({ picture: { ...form.picture, [name]: value } }),
      };
      if (!choices) return <TextField key={name} {...field} />;
      const all = [["", "As the preset says"], ...choices.map((choice) => [choice, choice] as const)] as const;
      return <ChoiceField key={name} {...field} choices={all} />;
    })}
  </div>
);
