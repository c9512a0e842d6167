import * as v from "valibot";
import { adviceOn } from "#cli/storage-check/advice.ts";
import type { Finding } from "#cli/storage-check/finding.ts";
import { trial } from "#cli/storage-check/trial.ts";
import { type Env, parseEnv } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { ftpStorage } from "#shared/storage/ftp.ts";
import { localStorage } from "#shared/storage/local.ts";
import { s3Storage } from "#shared/storage/s3.ts";
import { checkStorage, type StorageConfig, storageConfig, storageSettings } from "#shared/storage/settings.ts";
import { type Storage, type StorageName, storageNames } from "#shared/storage/storage.ts";

const marks = { fine: "✓", limited: "–", failed: "✗" };
// Who asks does not want to wait for a server to come back.
const patience = { attempts: 2, answerMs: 10_000 };
const longestMs = 120_000;

type Asked = { storage?: string; origin: string };

/** Tries a storage as a worker with these settings would use it, and says in words what is wrong. */
export async function checkStorages(env: Env, { storage: asked, origin }: Asked) {
  const config = storageConfig(parseEnv(v.pipe(v.object(storageSettings), checkStorage()), env));
  const name = storageNames.find((one) => one === (asked ?? config.default));
  if (!name) throw new Fault("invalid", `no storage ${asked}; there is ${storageNames.join(", ")}`);
  const storage = open(config, name);
  if (!storage) throw new Fault("invalid", `the storage ${name} is not configured: set ${needs[name]}`);

  const isPublic = config[name]?.publicUrl !== undefined;
  let failures = 0;
  for await (const finding of trial({ storage, isPublic, origin }, AbortSignal.timeout(longestMs))) {
    console.log(lineOf(finding, name));
    if (finding.state === "failed") failures += 1;
  }
  if (failures > 0) throw new Fault("delivery_failed", `the storage ${name} is not ready`);
}

const needs: Readonly<Record<StorageName, string>> = { local: "LOCAL_ROOT", s3: "S3_BUCKET", ftp: "FTP_HOST" };

function open({ local, s3, ftp }: StorageConfig, name: StorageName): Storage | undefined {
  if (name === "local") return localStorage(local);
  if (name === "s3") return s3 && s3Storage({ ...s3, patience });
  return ftp && ftpStorage({ ...ftp, patience });
}

function lineOf({ step, state, words }: Finding, name: StorageName) {
  const advice = state === "fine" ? undefined : adviceOn(name, words);
  return `${marks[state]} ${step.padEnd(10)}  ${words}${advice ? `; ${advice}` : ""}`;
}
