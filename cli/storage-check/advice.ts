import type { Advice } from "#shared/storage/kind.ts";
import { type StorageName, storageKinds } from "#shared/storage/kinds.ts";

/** For every kind of storage, after what the kind itself advises. */
const generalAdvice: readonly Advice[] = [
  [/can read uploads/, "serve only what lies outside UPLOAD_PREFIX"],
  [/are served as/, "teach the web server the types in docs/storage.md"],
  [/browser does not let/, "let the web server send Access-Control-Allow-Origin"],
  [/Idempotency-Key/, "set RECORD_STORAGE to a storage that can"],
];

/** What to do about a finding. */
export const adviceOn = (name: StorageName, message: string): string | undefined =>
  [...storageKinds[name].advice, ...generalAdvice].find(([pattern]) => pattern.test(message))?.[1];
