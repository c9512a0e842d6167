import type { ComponentChildren } from "preact";

type Described = { id: string; "aria-describedby": string; "aria-invalid": boolean };
type Props = {
  id: string;
  label: string;
  hint: string;
  problem: string | undefined;
  children: (described: Described) => ComponentChildren;
};

/** A field of a form with a hint, or with what is wrong with its value. */
export const Field = ({ id, label, hint, problem, children }: Props) => (
  <div class="field-of-form">
    <label for={id}>{label}</label>
    {children({ id, "aria-describedby": `${id}-about`, "aria-invalid": problem !== undefined })}
    <small id={`${id}-about`} class={problem ? "problem" : "hint"}>
      {problem ? `${label} ${problem}` : hint}
    </small>
  </div>
);
