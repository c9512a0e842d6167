import type { Fault, Form } from "../order-form.ts";
import { modeChoices, type SubtitleTexts } from "../subtitle-form.ts";
import { ChoiceField } from "./choice-field.tsx";
import { TextField } from "./text-field.tsx";

type Props = { form: Form; fault: Fault; set(change: Partial<Form>): void };

/** A text that is shown with the film. */
export function SubtitleFields({ form, fault: { fields }, set }: Props) {
  const field = (name: keyof SubtitleTexts) => ({
    ...{ id: `subtitles.0.${name}`, problem: fields[`subtitles.0.${name}`], value: form.subtitles[name] },
    onValue: (value: string) => set({ subtitles: { ...form.subtitles, [name]: value } }),
  });
  const ofAll =
    fields["subtitles.0.url"] ?? fields["subtitles.0.track"] ?? fields["subtitles.0"] ?? fields["subtitles"];
  return (
    <div class="pair">
      <TextField
        {...field("source")}
        label="Subtitles"
        hint="The URL of a SubRip, WebVTT or ASS file, or a track of the source: its stream's number, or a language."
        problem={ofAll}
      />
      <TextField {...field("language")} label="Their language" hint="Such as de or pt-BR." />
      <TextField
        {...field("name")}
        label="Their name"
        hint="What a viewer chooses them by. Left empty: the language."
      />
      <ChoiceField
        {...field("mode")}
        label="Their place"
        hint="Tracks and renditions can be switched off, what is burned in cannot."
        choices={[["", "Beside the picture"], ...modeChoices]}
      />
      <ChoiceField
        {...field("shown")}
        label="They are shown"
        hint="Without being asked for."
        problem={fields["subtitles.0.default"] ?? fields["subtitles.0.forced"]}
        choices={[
          ["", "When a viewer chooses them"],
          ["default", "Unless a viewer chooses otherwise"],
          ["forced", "Always: what signs and strangers say"],
        ]}
      />
    </div>
  );
}
