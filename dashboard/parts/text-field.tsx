import { Field } from "./field.tsx";

export type TextFieldProps = {
  id: string;
  label: string;
  hint: string;
  problem: string | undefined;
  value: string;
  /** Which keys a touch screen shows. Default: those of a text. */
  inputMode?: "text" | "url" | "decimal" | "numeric";
  onValue(value: string): void;
};

/** A field for one line of text. */
export const TextField = ({ id, label, hint, problem, value, inputMode = "text", onValue }: TextFieldProps) => (
  <Field id={id} label={label} hint={hint} problem={problem}>
    {(described) => (
      <input
        {...described}
        type="text"
        inputMode={inputMode}
        spellcheck={false}
        autocomplete="off"
        value={value}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
    )}
  </Field>
);
