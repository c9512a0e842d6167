import type { Preset } from "#client/client.ts";
import { makesWords, presetGroups } from "../media-words.ts";
import { planOf } from "../state/plan.ts";

type Props = {
  presets: readonly Preset[];
  chosen: string;
  problem: string | undefined;
  onChoose(preset: string): void;
};

/** The presets in groups, with what each makes; those that refuse the source of the dry run say so. */
export const PresetChoice = ({ presets, chosen, problem, onChoose }: Props) => (
  <fieldset class="presets" aria-describedby="preset-about">
    <legend>Preset</legend>
    <div>
      {presetGroups(presets).map(([title, members]) => (
        <fieldset key={title} aria-label={title}>
          <p class="title">
            {title} <small>{members.length}</small>
          </p>
          {members.map((preset) => (
            <label key={preset.name} class={planOf(preset.name)?.error ? "refused" : ""}>
              <input
                type="radio"
                name="preset"
                id={preset.name === chosen ? "preset" : undefined}
                value={preset.name}
                checked={preset.name === chosen}
                onChange={() => onChoose(preset.name)}
              />
              <span>
                <b>{preset.name}</b> <small>{makesWords(preset)}</small>
                <small>{planOf(preset.name)?.error?.message ?? preset.description}</small>
              </span>
            </label>
          ))}
        </fieldset>
      ))}
    </div>
    <small id="preset-about" class={problem ? "problem" : "hint"}>
      {problem && `Preset ${problem}`}
    </small>
  </fieldset>
);
