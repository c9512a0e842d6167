import { ftpStorage } from "#shared/storage/ftp/ftp-storage.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import type { StorageConfig } from "./settings.ts";
import { type Storage, type StorageName, type Storages, storageNames } from "./storage.ts";

type Config = Pick<StorageConfig, StorageName>;
/** Instead of the usual, for who asks and does not want to wait. */
type Patience = { attempts?: number; answerMs?: number };

type Kind = {
  /** The setting that makes the storage available. */
  setting: string;
  /** Opens the storage as it is configured, which touches nothing; undefined when it is not. */
  open(config: Config, patience?: Patience): Storage | undefined;
};

/** Every storage that there is. */
export const storageKinds: Readonly<Record<StorageName, Kind>> = {
  local: { setting: "LOCAL_ROOT", open: ({ local }) => localStorage(local) },
  s3: {
    setting: "S3_BUCKET",
    open: ({ s3 }, patience) => s3 && s3Storage({ ...s3, patience: { ...s3.patience, ...patience } }),
  },
  ftp: {
    setting: "FTP_HOST",
    open: ({ ftp }, patience) => ftp && ftpStorage({ ...ftp, patience: { ...ftp.patience, ...patience } }),
  },
};

/** Opens what is configured; nothing is touched before its first use. */
export function openStorages(config: Config): Storages {
  const opened = storageNames.map((name) => [name, storageKinds[name].open(config)] as const);
  return new Map(opened.flatMap(([name, storage]) => (storage ? [[name, storage] as const] : [])));
}
