import * as v from "valibot";
import { flag } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { keyTrouble } from "./key.ts";
import { localStorage } from "./local.ts";
import { s3Storage } from "./s3.ts";
import type { Storage, StorageName, Storages } from "./storage.ts";

const storageType = v.picklist(["local", "s3"], ({ input }) =>
  input === "ftp" ? "ftp is not available in this version: write local or s3" : "write local or s3",
);

const httpUrl = v.pipe(
  v.string(),
  v.check((text) => /^https?:\/\//.test(text) && URL.canParse(text), "write a URL such as https://media.example.com"),
);

const key = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    const message = dataset.typed && keyTrouble(dataset.value);
    if (message) addIssue({ message });
  }),
);

/** The settings of storages and records, for worker and control plane to spread into theirs. */
export const storageSettings = {
  STORAGE_TYPE: v.pipe(
    v.optional(storageType, "local"),
    v.description("where outputs go that do not name a storage: local or s3"),
  ),
  S3_BUCKET: v.pipe(
    v.optional(v.string()),
    v.description("bucket for outputs; setting it makes the storage s3 available"),
  ),
  S3_REGION: v.pipe(v.optional(v.string()), v.description("region of the bucket; default: as the AWS SDK finds it")),
  S3_ENDPOINT: v.pipe(v.optional(httpUrl), v.description("URL of a store that is not AWS, such as MinIO")),
  S3_FORCE_PATH_STYLE: v.pipe(
    v.optional(flag, "false"),
    v.description("puts the bucket into the path instead of the host name, as MinIO needs it"),
  ),
  S3_ACCELERATE: v.pipe(v.optional(flag, "false"), v.description("uploads through S3 Transfer Acceleration")),
  S3_PUBLIC_URL: v.pipe(v.optional(httpUrl), v.description("URL below which players read the bucket")),
  LOCAL_ROOT: v.pipe(v.optional(v.string(), "./out"), v.description("folder of the storage local")),
  LOCAL_PUBLIC_URL: v.pipe(v.optional(httpUrl), v.description("URL below which players read LOCAL_ROOT")),
  RECORD_STORAGE: v.pipe(
    v.optional(storageType),
    v.description("where jobs are remembered, private and the same for all; default: STORAGE_TYPE"),
  ),
  RECORD_PREFIX: v.pipe(
    v.optional(key, ".flux/jobs"),
    v.description("folder in RECORD_STORAGE that holds the records"),
  ),
};

type Settings = v.InferOutput<v.ObjectSchema<typeof storageSettings, undefined>>;

// Other settings may be wrong at the time: nothing is known of the values.
type Given = Readonly<Partial<Record<keyof Settings, unknown>>>;
type Rule = { field: keyof Settings; message: string; isBroken(given: Given): boolean };

const rules: readonly Rule[] = [
  {
    field: "S3_BUCKET",
    message: "is required when STORAGE_TYPE or RECORD_STORAGE is s3",
    isBroken: (given) => given.S3_BUCKET === undefined && [given.STORAGE_TYPE, given.RECORD_STORAGE].includes("s3"),
  },
  {
    field: "S3_ACCELERATE",
    message: "works on AWS only: it cannot be combined with S3_ENDPOINT",
    isBroken: (given) => given.S3_ACCELERATE === true && given.S3_ENDPOINT !== undefined,
  },
  {
    field: "S3_ACCELERATE",
    message: "cannot be combined with S3_FORCE_PATH_STYLE",
    isBroken: (given) => given.S3_ACCELERATE === true && given.S3_FORCE_PATH_STYLE === true,
  },
];

/** What the entries cannot say each for itself; reported even when another setting is wrong. */
export const checkStorage = <T extends Settings>() =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    const given: Given = Object(dataset.value);
    for (const { field, message } of rules.filter((rule) => rule.isBroken(given))) {
      const at = { type: "object", origin: "value", input: { ...given }, key: field, value: given[field] } as const;
      addIssue({ message, path: [at] });
    }
  });

export type StorageConfig = ReturnType<typeof storageConfig>;

export const storageConfig = (settings: Settings) => ({
  default: settings.STORAGE_TYPE,
  local: { root: settings.LOCAL_ROOT, publicUrl: settings.LOCAL_PUBLIC_URL },
  s3: settings.S3_BUCKET
    ? {
        bucket: settings.S3_BUCKET,
        region: settings.S3_REGION,
        endpoint: settings.S3_ENDPOINT,
        forcePathStyle: settings.S3_FORCE_PATH_STYLE,
        accelerate: settings.S3_ACCELERATE,
        publicUrl: settings.S3_PUBLIC_URL,
      }
    : undefined,
  records: settings.RECORD_STORAGE ?? settings.STORAGE_TYPE,
  recordPrefix: settings.RECORD_PREFIX,
});

/** Opens what is configured; nothing is touched before its first use. */
export function openStorages({ local, s3 }: Pick<StorageConfig, "local" | "s3">): Storages {
  const storages = new Map<StorageName, Storage>([["local", localStorage(local)]]);
  if (s3) storages.set("s3", s3Storage(s3));
  return storages;
}

/** The storage that remembers jobs. */
export function recordStorage({ records }: Pick<StorageConfig, "records">, storages: Storages): Storage {
  const storage = storages.get(records);
  if (!storage) throw new Fault("invalid", `RECORD_STORAGE: ${records} is not configured`);
  return storage;
}
