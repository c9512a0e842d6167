import { type Fault, type Form, problemIn } from "../order-form.ts";
import { channelChoices } from "../sound-form.ts";
import { ChoiceField } from "./choice-field.tsx";
import { TextField } from "./text-field.tsx";

type Props = { form: Form; fault: Fault; set(change: Partial<Form>): void };

/** Which sounds are taken, and how many channels they have. */
export const SoundFields = ({ form, fault, set }: Props) => (
  <div class="pair">
    <TextField
      id="audio.tracks"
      label="Sounds"
      hint="Numbers from 0 or languages, such as en, 2; the first is the default."
      problem={problemIn(fault, "audio.tracks") ?? fault.fields["audio"]}
      value={form.sound.tracks}
      onValue={(tracks) => set({ sound: { ...form.sound, tracks } })}
    />
    <ChoiceField
      id="audio.channels"
      label="Channels"
      hint="No sound gets more than the source has."
      problem={fault.fields["audio.channels"]}
      value={form.sound.channels}
      choices={[["", "As the preset says"], ...channelChoices]}
      onValue={(channels) => set({ sound: { ...form.sound, channels } })}
    />
  </div>
);
