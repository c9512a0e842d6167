import type { Finding } from "#cli/finding.ts";
import { Fault } from "#shared/fault.ts";
import { ftpStorage } from "#shared/storage/ftp.ts";
import { localStorage } from "#shared/storage/local.ts";
import { s3Storage } from "#shared/storage/s3.ts";
import type { StorageConfig } from "#shared/storage/settings.ts";
import type { Storage, StorageName } from "#shared/storage/storage.ts";
import { adviceOn } from "./advice.ts";
import { trial } from "./trial.ts";

// Who asks does not want to wait for a server to come back.
const patience = { attempts: 2, answerMs: 10_000 };
const longestMs = 120_000;

/** Tries a configured storage, and what may be done about what is wrong; with `origin` a browser's rules too. */
export async function* tryStorage(config: StorageConfig, name: StorageName, origin?: string): AsyncGenerator<Finding> {
  const storage = open(config, name);
  if (!storage) throw notConfigured(name);
  const isPublic = config[name]?.publicUrl !== undefined;
  const place = { storage, isPublic, ...(origin && { origin }) };
  for await (const finding of trial(place, AbortSignal.timeout(longestMs))) {
    yield finding.state === "ok" ? finding : { ...finding, advice: adviceOn(name, finding.message) };
  }
}

const needs: Readonly<Record<StorageName, string>> = { local: "LOCAL_ROOT", s3: "S3_BUCKET", ftp: "FTP_HOST" };

function notConfigured(name: StorageName) {
  const message = `the storage ${name} is not configured: set ${needs[name]}`;
  return new Fault("invalid", message, { fields: [{ field: needs[name], message }] });
}

function open({ local, s3, ftp }: StorageConfig, name: StorageName): Storage | undefined {
  if (name === "local") return localStorage(local);
  if (name === "s3") return s3 && s3Storage({ ...s3, patience });
  return ftp && ftpStorage({ ...ftp, patience });
}
