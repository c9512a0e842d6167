import { ftpKind } from "./ftp/kind.ts";
import { localKind } from "./local/kind.ts";
import type { RequestLimits } from "./request-limits.ts";
import { s3Kind } from "./s3/kind.ts";
import type { Storage } from "./storage.ts";

/** Every kind of storage, by the name that orders and settings use: a new one is a folder and a line here. */
export const storageKinds = {
  local: localKind,
  s3: s3Kind,
  ftp: ftpKind,
};

type Kinds = typeof storageKinds;
export type StorageName = keyof Kinds;

export const isStorageName = (name: string): name is StorageName => Object.hasOwn(storageKinds, name);
export const storageNames = Object.keys(storageKinds).filter(isStorageName);

/** What each storage is opened with; undefined: it is not configured. */
export type StorageOptions = { [Name in StorageName]: ReturnType<Kinds[Name]["optionsOf"]> };

/** The storages that are configured, by name. */
export type Storages = ReadonlyMap<StorageName, Storage>;

type Openers = {
  [Name in StorageName]: { open(options: StorageOptions[Name], limits?: Partial<RequestLimits>): Storage | undefined };
};
const openers: Openers = storageKinds;

/** Opens one storage, which touches nothing before its first use; undefined when it is not configured. */
export const openStorage = <Name extends StorageName>(
  name: Name,
  options: StorageOptions,
  limits?: Partial<RequestLimits>,
) => openers[name].open(options[name], limits);

/** Opens what is configured. */
export function openStorages(options: StorageOptions): Storages {
  const opened = storageNames.map((name) => [name, openStorage(name, options)] as const);
  return new Map(opened.flatMap(([name, storage]) => (storage ? [[name, storage] as const] : [])));
}
