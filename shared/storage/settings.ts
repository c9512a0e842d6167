import * as v from "valibot";
import { duration, flag, port, wholeNumber } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { keyTrouble } from "./key.ts";
import { usualCacheControl } from "./object-headers.ts";
import { type Storage, type Storages, storageNames } from "./storage.ts";

const storageType = v.picklist(storageNames, "write local, s3 or ftp");

const httpUrl = v.pipe(
  v.string(),
  v.check((text) => /^https?:\/\//.test(text) && URL.canParse(text), "write a URL such as https://media.example.com"),
);

export const key = v.pipe(
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
    v.description("where outputs go that do not name a storage: local, s3 or ftp"),
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
  FTP_HOST: v.pipe(
    v.optional(v.string()),
    v.description("FTP server for outputs; setting it makes the storage ftp available"),
  ),
  FTP_PORT: v.pipe(v.optional(port), v.description("its port; default: 21, or 990 with FTP_SECURE=implicit")),
  FTP_USER: v.pipe(v.optional(v.string()), v.description("its login; default: anonymous")),
  FTP_PASSWORD: v.pipe(v.optional(v.string()), v.description("the login's password")),
  FTP_SECURE: v.pipe(
    v.optional(v.picklist(["explicit", "implicit", "none"], "write explicit, implicit or none"), "explicit"),
    v.description("TLS on the usual port (explicit), on a port of its own (implicit), or no encryption at all (none)"),
  ),
  FTP_CA: v.pipe(
    v.optional(v.string()),
    v.description("PEM file of the authorities to trust instead of the usual ones, for a server with its own"),
  ),
  FTP_ROOT: v.pipe(
    v.optional(v.string(), ""),
    v.description("folder on the server, below that of the login unless it begins with /"),
  ),
  FTP_PUBLIC_URL: v.pipe(v.optional(httpUrl), v.description("URL below which players read FTP_ROOT")),
  FTP_CONNECTIONS: v.pipe(v.optional(wholeNumber(1, 32), "4"), v.description("connections to the server at a time")),
  LOCAL_ROOT: v.pipe(v.optional(v.string(), "./out"), v.description("folder of the storage local")),
  LOCAL_PUBLIC_URL: v.pipe(v.optional(httpUrl), v.description("URL below which players read LOCAL_ROOT")),
  STORAGE_TIMEOUT: v.pipe(
    v.optional(duration, "30s"),
    v.description("how long S3 and FTP servers may take to answer before they are asked again"),
  ),
  CACHE_CONTROL_PLAYLISTS: v.pipe(
    v.optional(v.string(), usualCacheControl.playlists),
    v.description("how players and CDNs may keep playlists and manifests; S3 only"),
  ),
  CACHE_CONTROL_SEGMENTS: v.pipe(
    v.optional(v.string(), usualCacheControl.segments),
    v.description("the same for segments, whose names are never used again"),
  ),
  CACHE_CONTROL_FILES: v.pipe(
    v.optional(v.string(), usualCacheControl.files),
    v.description("the same for single files, which may be replaced"),
  ),
  RECORD_STORAGE: v.pipe(
    v.optional(storageType),
    v.description(
      "where jobs are remembered, private and the same for all; unset: a worker takes STORAGE_TYPE, and a control plane asks the workers",
    ),
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
    field: "FTP_HOST",
    message: "is required when STORAGE_TYPE or RECORD_STORAGE is ftp",
    isBroken: (given) => given.FTP_HOST === undefined && [given.STORAGE_TYPE, given.RECORD_STORAGE].includes("ftp"),
  },
  {
    field: "FTP_CA",
    message: "has no use with FTP_SECURE=none",
    isBroken: (given) => given.FTP_CA !== undefined && given.FTP_SECURE === "none",
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

/** What a storage is opened with, by its name; undefined: it is not configured. */
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
        patience: { answerMs: settings.STORAGE_TIMEOUT },
      }
    : undefined,
  ftp: settings.FTP_HOST
    ? {
        host: settings.FTP_HOST,
        port: settings.FTP_PORT,
        user: settings.FTP_USER,
        password: settings.FTP_PASSWORD,
        secure: settings.FTP_SECURE,
        ca: settings.FTP_CA,
        root: settings.FTP_ROOT,
        publicUrl: settings.FTP_PUBLIC_URL,
        connections: settings.FTP_CONNECTIONS,
        patience: { answerMs: settings.STORAGE_TIMEOUT },
      }
    : undefined,
  /** By kind of file. */
  cacheControl: {
    playlists: settings.CACHE_CONTROL_PLAYLISTS,
    segments: settings.CACHE_CONTROL_SEGMENTS,
    files: settings.CACHE_CONTROL_FILES,
  },
  records: settings.RECORD_STORAGE ?? settings.STORAGE_TYPE,
  recordPrefix: settings.RECORD_PREFIX,
});

/** The storage that remembers jobs. */
export function recordStorage({ records }: Pick<StorageConfig, "records">, storages: Storages): Storage {
  const storage = storages.get(records);
  if (!storage) throw new Fault("invalid", `RECORD_STORAGE: ${records} is not configured`);
  return storage;
}
