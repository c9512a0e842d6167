import * as v from "valibot";
import { duration, setting } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { checkProblem, issueAt } from "#shared/schemas.ts";
import { keyProblem } from "./key.ts";
import { type StorageName, type StorageOptions, type Storages, storageKinds, storageNames } from "./kinds.ts";
import { usualCacheControl } from "./object-headers.ts";
import type { Storage } from "./storage.ts";

const namesInWords = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(storageNames);
const storageType = v.picklist(storageNames, `write ${namesInWords}`);

export const key = v.pipe(v.string(), checkProblem(keyProblem));

type Intersection<Union> = (Union extends unknown ? (part: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
type KindSettings = Intersection<(typeof storageKinds)[StorageName]["settings"]>;

const kindSettings: KindSettings = Object.assign({}, ...Object.values(storageKinds).map(({ settings }) => settings));

/** The settings of storages and records. Worker and control plane spread them into their own. */
export const storageSettings = {
  STORAGE_TYPE: setting(`where outputs go that do not name a storage: ${namesInWords}`, storageType, "local"),
  ...kindSettings,
  STORAGE_TIMEOUT: setting(
    "how long S3 and FTP servers may take to answer before they are asked again",
    duration,
    "30s",
  ),
  CACHE_CONTROL_PLAYLISTS: setting(
    "how players and CDNs may keep playlists and manifests; S3 only",
    v.string(),
    usualCacheControl.playlists,
  ),
  CACHE_CONTROL_SEGMENTS: setting(
    "the same for segments, whose names are never used again",
    v.string(),
    usualCacheControl.segments,
  ),
  CACHE_CONTROL_FILES: setting("the same for single files, which may be replaced", v.string(), usualCacheControl.files),
  RECORD_STORAGE: setting(
    "where jobs are remembered, private and the same for all; unset: a worker takes STORAGE_TYPE, and a control plane asks the workers",
    storageType,
  ),
  RECORD_PREFIX: setting("folder in RECORD_STORAGE that holds the records", key, ".flux/jobs"),
};

type Settings = v.InferOutput<v.ObjectSchema<typeof storageSettings, undefined>>;

// Another setting may be invalid at this time, so nothing is known about the values.
type Given = Readonly<Partial<Record<keyof Settings, unknown>>>;
type Problem = { field: keyof Settings; message: string };

const problemsIn = (given: Given): readonly Problem[] => [
  ...storageNames.flatMap((name) => missingSetting(name, given)),
  ...storageNames.flatMap((name) => storageKinds[name].rules.filter((rule) => rule.isBroken(given))),
];

function missingSetting(name: StorageName, given: Given): readonly Problem[] {
  const { setting } = storageKinds[name];
  const isWanted = [given.STORAGE_TYPE, given.RECORD_STORAGE].includes(name);
  if (!isWanted || given[setting] !== undefined) return [];
  return [{ field: setting, message: `is required when STORAGE_TYPE or RECORD_STORAGE is ${name}` }];
}

/** Checks the rules between several settings, even when one of them is invalid by itself. */
export const checkStorage = <T extends Settings>() =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    const given: Given = Object(dataset.value);
    for (const { field, message } of problemsIn(given)) addIssue(issueAt(message, field));
  });

export type StorageConfig = ReturnType<typeof storageConfig>;

export const storageConfig = (settings: Settings) => ({
  ...optionsByName(settings),
  /** Where outputs go that do not name a storage. */
  default: settings.STORAGE_TYPE,
  /** The value of Cache-Control for each kind of file. */
  cacheControl: {
    playlists: settings.CACHE_CONTROL_PLAYLISTS,
    segments: settings.CACHE_CONTROL_SEGMENTS,
    files: settings.CACHE_CONTROL_FILES,
  },
  records: settings.RECORD_STORAGE ?? settings.STORAGE_TYPE,
  recordPrefix: settings.RECORD_PREFIX,
});

const optionsByName = (settings: Settings): StorageOptions =>
  Object.assign({}, ...storageNames.map((name) => ({ [name]: storageKinds[name].optionsOf(settings) })));

/** The storage that remembers jobs. */
export function recordStorage({ records }: Pick<StorageConfig, "records">, storages: Storages): Storage {
  const storage = storages.get(records);
  if (!storage) throw new Fault("invalid", `RECORD_STORAGE: ${records} is not configured`);
  return storage;
}
