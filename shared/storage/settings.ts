import * as v from "valibot";
import { duration, setting } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { checkProblem, issueAt } from "#shared/schemas.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";
import { keyProblem, overlap } from "./key.ts";
import { type StorageName, type StorageOptions, type Storages, storageKinds, storageNames } from "./kinds.ts";
import { usualCacheControl } from "./object-headers.ts";
import type { Storage } from "./storage.ts";

const namesInWords = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(storageNames);
const storageType = v.picklist(storageNames, `write ${namesInWords}`);

/** The storages that uploads can lie in: those in which a file can be continued. */
const uploadStorages = ["s3", "local"] as const;

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
  UPLOAD_STORAGE: setting(
    "where files lie that clients upload, s3 or local, private and the same for all; a control plane takes uploads with it, a worker reads them; unset: none",
    v.picklist(uploadStorages, `write ${uploadStorages.join(" or ")}`),
  ),
  UPLOAD_PREFIX: setting("folder in UPLOAD_STORAGE that holds the uploads", key, ".flux/uploads"),
};

type Settings = v.InferOutput<v.ObjectSchema<typeof storageSettings, undefined>>;

// Another setting may be invalid at this time, so nothing is known about the values.
type Given = Readonly<Partial<Record<keyof Settings, unknown>>>;
type Problem = { field: keyof Settings; message: string };

const problemsIn = (given: Given): readonly Problem[] => [
  ...storageNames.flatMap((name) => missingSetting(name, given)),
  ...misplacedUploads(given),
  ...storageNames.flatMap((name) => storageKinds[name].rules.filter((rule) => rule.isBroken(given))),
];

function missingSetting(name: StorageName, given: Given): readonly Problem[] {
  const { setting } = storageKinds[name];
  const isWanted = [given.STORAGE_TYPE, given.RECORD_STORAGE, given.UPLOAD_STORAGE].includes(name);
  if (!isWanted || given[setting] !== undefined) return [];
  const names =
    given.UPLOAD_STORAGE === name ? "STORAGE_TYPE, RECORD_STORAGE or UPLOAD_STORAGE" : "STORAGE_TYPE or RECORD_STORAGE";
  return [{ field: setting, message: `is required when ${names} is ${name}` }];
}

function misplacedUploads({ UPLOAD_STORAGE: storage, UPLOAD_PREFIX: uploads, RECORD_PREFIX: records }: Given) {
  if (storage === undefined || typeof uploads !== "string" || typeof records !== "string") return [];
  if (!overlap(uploads, records)) return [];
  return [{ field: "UPLOAD_PREFIX", message: "must not lie in RECORD_PREFIX, nor the other way round" } as const];
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
  /** Where uploads lie; undefined: there are none. */
  uploads: settings.UPLOAD_STORAGE && { storage: settings.UPLOAD_STORAGE, prefix: settings.UPLOAD_PREFIX },
});

const optionsByName = (settings: Settings): StorageOptions =>
  Object.assign({}, ...storageNames.map((name) => ({ [name]: storageKinds[name].optionsOf(settings) })));

/** Where uploads lie; undefined where there are none. */
export function uploadPlace({ uploads }: Pick<StorageConfig, "uploads">, storages: Storages): UploadPlace | undefined {
  if (!uploads) return undefined;
  const storage = storages.get(uploads.storage);
  if (!storage) throw new Fault("invalid", `UPLOAD_STORAGE: ${uploads.storage} is not configured`);
  return { storage, prefix: uploads.prefix };
}

/** The storage that remembers jobs. */
export function recordStorage({ records }: Pick<StorageConfig, "records">, storages: Storages): Storage {
  const storage = storages.get(records);
  if (!storage) throw new Fault("invalid", `RECORD_STORAGE: ${records} is not configured`);
  return storage;
}
