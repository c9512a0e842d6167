import type * as v from "valibot";
import type { RequestLimits } from "./request-limits.ts";
import type { Storage } from "./storage.ts";

/** A rule between several settings. */
type SettingRule<Name extends string> = {
  /** The setting that is reported. */
  field: Name;
  /** What is wrong with it. */
  message: string;
  /** Another setting may be invalid at this time, so nothing is known about the values. */
  isBroken(given: Readonly<Partial<Record<Name, unknown>>>): boolean;
};

/** What an operator can do about messages of `flux storage check` that match. */
export type Advice = readonly [message: RegExp, advice: string];

/** The settings that every kind may read besides its own. */
type SharedSettings = { STORAGE_TIMEOUT: number };

/** Everything that the rest of the program knows about one kind of storage. */
export type StorageKind<Settings extends v.ObjectEntries, Options> = {
  /** The setting that makes a storage of this kind available. */
  setting: keyof Settings & string;
  /** The schemas of its settings, by name. */
  settings: Settings;
  /** What must hold between its settings. */
  rules: readonly SettingRule<keyof Settings & string>[];
  /** What its settings say; undefined when it is not configured. */
  optionsOf(settings: v.InferOutput<v.ObjectSchema<Settings, undefined>> & SharedSettings): Options;
  /**
   * Opens the storage, which touches nothing before its first use; undefined when it is not configured. `limits` take
   * the place of the usual ones.
   */
  open(options: Options, limits?: Partial<RequestLimits>): Storage | undefined;
  /** The first that matches a message counts. */
  advice: readonly Advice[];
};

/** Checks the type of a kind, and keeps the types of its settings and options. */
export const storageKind = <const Settings extends v.ObjectEntries, Options>(kind: StorageKind<Settings, Options>) =>
  kind;
