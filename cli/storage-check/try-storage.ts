import type { Finding } from "#cli/finding.ts";
import { Fault } from "#shared/fault.ts";
import { openStorage, type StorageName, storageKinds } from "#shared/storage/kinds.ts";
import type { StorageConfig } from "#shared/storage/settings.ts";
import { adviceOn } from "./advice.ts";
import { trial } from "./trial.ts";

// Who asks does not want to wait for a server to come back.
const limits = { attempts: 2, answerMs: 10_000 };
const longestMs = 120_000;

/** Tries a configured storage, and what may be done about what is wrong; with `origin` a browser's rules too. */
export async function* tryStorage(config: StorageConfig, name: StorageName, origin?: string): AsyncGenerator<Finding> {
  const storage = openStorage(name, config, limits);
  if (!storage) throw notConfigured(name);
  const isPublic = config[name]?.publicUrl !== undefined;
  const uploads = config.uploads?.storage === name ? config.uploads : undefined;
  const place = { storage, isPublic, ...(uploads && { uploadPrefix: uploads.prefix }), ...(origin && { origin }) };
  for await (const finding of trial(place, AbortSignal.timeout(longestMs))) {
    yield finding.state === "ok" ? finding : { ...finding, advice: adviceOn(name, finding.message) };
  }
}

function notConfigured(name: StorageName) {
  const { setting } = storageKinds[name];
  const message = `the storage ${name} is not configured: set ${setting}`;
  return new Fault("invalid", message, { fields: [{ field: setting, message }] });
}
