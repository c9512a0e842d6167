import * as v from "valibot";

/** Checks a value by a function that says what is wrong with it, or nothing. */
export const checkProblem = <T>(problemOf: (value: T) => string | undefined) =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    const message = dataset.typed ? problemOf(dataset.value) : undefined;
    if (message) addIssue({ message });
  });

/** A whole number within these bounds, which its message names; `more` is said behind them. */
export const wholeNumber = (least: number, most: number, more = "") => {
  const message = `use a whole number from ${least} to ${most}${more}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
};

/** One of these names, which its message lists. */
export const oneOf = <const Names extends readonly string[]>(names: Names) =>
  v.picklist(names, `must be one of ${names.join(", ")}`);

type Path = [v.IssuePathItem, ...v.IssuePathItem[]];

/** What `addIssue` is given to report a field of an object, or what lies deeper in it. */
export const issueAt = (
  message: string,
  field: string,
  ...deeper: readonly (string | number)[]
): { message: string; path: Path } => ({
  message,
  path: [stepTo(field), ...deeper.map(stepTo)],
});

const stepTo = (key: string | number): v.IssuePathItem => {
  return { type: "unknown", origin: "value", input: undefined, key, value: undefined };
};
