import { Field } from "./field.tsx";
import type { TextFieldProps } from "./text-field.tsx";

type ChoiceFieldProps = TextFieldProps & { choices: readonly (readonly [value: string, words: string])[] };

/** A field for one of some values, each with its words. */
export const ChoiceField = ({ id, label, hint, problem, value, choices, onValue }: ChoiceFieldProps) => (
  <Field id={id} label={label} hint={hint} problem={problem}>
    {(described) => (
      <select {...described} value={value} onChange={({ currentTarget }) => onValue(currentTarget.value)}>
        {choices.map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    )}
  </Field>
);
