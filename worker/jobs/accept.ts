import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import { invalidField } from "#shared/fault.ts";
import { checkedJobId } from "#shared/job/id.ts";
import { int32 } from "#shared/job/number.ts";
import type { Order } from "#shared/job/order.ts";
import { statusesAmong } from "#shared/job/status.ts";
import { pathTrouble } from "#shared/storage/key.ts";
import { metadataTrouble } from "#shared/storage/metadata.ts";
import { type StorageName, type Storages, storageNames } from "#shared/storage/storage.ts";
import { storageOf } from "#worker/delivery/storage-of.ts";
import { type Presets, presetNamed } from "#worker/presets/load.ts";
import type { Preset } from "#worker/presets/schema.ts";

export type Rules = {
  presets: Presets;
  storages: Storages;
  defaultStorage: StorageName;
  recordPrefix: string;
  /** Throws when an input may not be fetched as far as its URL tells. */
  checkInput(url: string): void;
  /** Throws when nothing may be posted there as far as the URL tells, or could be signed. */
  checkCallback(url: string): void;
};

/** The order that a request stands for, its defaults filled in; throws a Fault that names the field that is wrong. */
export function acceptable(request: JobRequest, rules: Rules): Order {
  const jobId = checkedJobId(request.jobId);
  checkLengths(request);
  rules.checkInput(request.inputUrl);
  if (request.callbackUrl) rules.checkCallback(request.callbackUrl);
  const preset = presetNamed(rules.presets, request.preset);
  return {
    jobId,
    inputUrl: request.inputUrl,
    preset: preset.name,
    output: outputOf(request, preset, rules),
    callbackEvents: statusesAmong(request.callbackEvents),
    ...(request.callbackUrl && { callbackUrl: request.callbackUrl }),
    ...(request.timeoutMs > 0n && { timeoutMs: int32(Number(request.timeoutMs)) }),
    ...(request.idempotencyKey && { idempotencyKey: request.idempotencyKey }),
    ...(request.tenant && { tenant: request.tenant }),
    ...(request.retryOf && { retryOf: request.retryOf }),
    ...(request.coldStartMs > 0n && { coldStartMs: int32(Number(request.coldStartMs)) }),
  };
}

/** What a control plane lets pass is never longer, however much of a URL it had to percent-encode. */
const longest = { input_url: 100_000, callback_url: 100_000, tenant: 255, idempotency_key: 255, retry_of: 64 };

function checkLengths({ inputUrl, callbackUrl, tenant, idempotencyKey, retryOf }: JobRequest) {
  const given = {
    input_url: inputUrl,
    callback_url: callbackUrl,
    tenant,
    idempotency_key: idempotencyKey,
    retry_of: retryOf,
  };
  for (const [field, most] of Object.entries(longest))
    if (given[field as keyof typeof given].length > most)
      throw invalidField(field, `is longer than ${most} characters`);
}

function outputOf({ jobId, output: given }: JobRequest, preset: Preset, rules: Rules): Order["output"] {
  const type = preset.output_type;
  if (given?.type && given.type !== type) {
    throw invalidField("output.type", `preset ${preset.name} makes "${type}"; leave type out or say "${type}"`);
  }
  const output = {
    storage: storageNamed(given?.storage || rules.defaultStorage),
    path: (given?.path || `${given?.pathPrefix ?? ""}${defaultPath(jobId, preset)}`).normalize("NFC"),
    type,
    metadata: given?.metadata ?? {},
    publish: published(given?.publish || "atomic"),
    overwrite: given?.overwrite ?? false,
  };
  if (output.publish === "progressive" && type !== "hls") {
    throw invalidField("output.publish", 'only presets of type "hls" can be shown while they grow');
  }
  checkPath(output, rules.recordPrefix);
  const trouble = metadataTrouble(output.metadata);
  if (trouble) throw invalidField("output.metadata", trouble);
  storageOf({ output }, rules.storages);
  return output;
}

const defaultPath = (jobId: string, { output_type, extension }: Preset) =>
  output_type === "single" ? `outputs/${jobId}.${extension}` : `outputs/${jobId}/`;

function checkPath({ path, type }: Order["output"], recordPrefix: string) {
  const isFolder = path.endsWith("/");
  if (type === "single" && isFolder) throw invalidField("output.path", "name a file: it must not end in /");
  if (type !== "single" && !isFolder) throw invalidField("output.path", `a path of type "${type}" ends in /`);
  const why = pathTrouble(path, recordPrefix);
  if (why) throw invalidField("output.path", why);
}

function storageNamed(name: string): StorageName {
  const known = storageNames.find((storage) => storage === name);
  if (!known) throw invalidField("output.storage", `no storage is called "${name}"; use ${storageNames.join(", ")}`);
  return known;
}

function published(when: string): Order["output"]["publish"] {
  if (when === "atomic" || when === "progressive") return when;
  throw invalidField("output.publish", 'use "atomic" or "progressive"');
}
