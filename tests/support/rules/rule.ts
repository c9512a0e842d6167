/** A file of an output; `text` is that of playlists, manifests and WebVTT. */
export type File = { name: string; bytes: number; text?: string };

/**
 * A rule that a script can check. `Apple` is the HLS Authoring Specification for Apple Devices, `IOP` the DASH-IF
 * Interoperability Points 4.3.
 */
export type Rule<On> = {
  /** Where it stands. */
  rule: string;
  /** What breaks it, such as the name of a file. */
  broken(on: On): readonly string[];
};

/** What breaks which rule. */
export type Violation = { rule: string; where: string };

export const violationsOf = <On>(rules: readonly Rule<On>[], on: On): Violation[] =>
  rules.flatMap(({ rule, broken }) => broken(on).map((where) => ({ rule, where })));

export const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);

/** Those that hold nothing, or are not there. */
export const missing = (names: readonly string[], files: readonly File[]) =>
  names.filter((name) => !files.some((file) => file.name === name && file.bytes > 0));
