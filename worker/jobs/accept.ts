import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import { checkAll, invalidField } from "#shared/fault.ts";
import { snakeCase } from "#shared/job/field-names.ts";
import { checkedJobId, isWaitingId } from "#shared/job/id.ts";
import { int32 } from "#shared/job/number.ts";
import type { Order } from "#shared/job/order.ts";
import { isPriority, type Priority, priorities } from "#shared/job/priority.ts";
import { statusesAmong } from "#shared/job/status.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { pathProblem } from "#shared/storage/key.ts";
import { isStorageName, type StorageName, type Storages, storageNames } from "#shared/storage/kinds.ts";
import { metadataProblem } from "#shared/storage/metadata.ts";
import { storageOf } from "#worker/delivery/storage-of.ts";
import { askedOverlays, checkOverlays } from "#worker/overlays/asked-overlays.ts";
import { checkWorkers, wantedWorkers } from "#worker/pieces/wanted-workers.ts";
import { type Presets, presetNamed } from "#worker/presets/load.ts";
import { orderedPreset, presetFields } from "#worker/presets/ordered.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { checkMeasure, wantedMetric } from "#worker/quality/wanted-metric.ts";
import { checkQuality, wantedQuality } from "#worker/quality/wanted-quality.ts";
import { checkSubtitles } from "#worker/subtitles/asked-subtitles.ts";
import { checkClip, wantedClip } from "./wanted-clip.ts";
import { askedInputs, checkSources } from "./wanted-inputs.ts";

export type Rules = {
  /** The presets that this worker offers, by name. */
  presets: Presets;
  /** The configured storages, by name. */
  storages: Storages;
  /** The storage of orders that name none. */
  defaultStorage: StorageName;
  /** The folder of the records, in which no output may lie. */
  recordPrefix: string;
  /** The folder of the uploads, in which no output may lie either; undefined where there are none. */
  uploadPrefix?: string | undefined;
  /** Whether this worker signs certificates. */
  signs: boolean;
  /** Throws when the URL alone shows that an input may not be fetched. */
  checkInput(url: string): void;
  /** Throws when the URL alone shows that nothing may be posted there, or when there is no secret to sign with. */
  checkCallback(url: string): void;
};

/** The order of a request, with its defaults filled in. Throws a Fault that names the fields that are wrong. */
export function acceptable(request: JobRequest, rules: Rules): Order {
  const jobId = checkedJobId(request.jobId);
  const named = rules.presets.get(request.preset);
  checkAll(
    () => checkLengths(request),
    () => checkSources(request, named, rules.checkInput),
    () => request.callbackUrl && rules.checkCallback(request.callbackUrl),
    () => presetNamed(rules.presets, request.preset),
    () => checkOutput(request, rules),
    () => checkHandOver(request),
    () => priorityNamed(request.priority),
    () => named && orderedPreset(request, named),
    () => checkMeasure({ ...request, publish: request.output?.publish }, named),
    () => checkQuality(request.quality, named),
    () => checkWorkers(request, named),
    () => checkClip(request, named),
    () => checkOverlays(request, named, rules.checkInput),
    () => checkSubtitles(request, named, rules.checkInput),
  );
  const preset = orderedPreset(request, presetNamed(rules.presets, request.preset));
  const { callbackUrl, idempotencyKey, tenant, retryOf } = request;
  return {
    jobId,
    inputUrl: request.inputUrl,
    preset: preset.name,
    output: outputOf(request, preset, rules),
    callbackEvents: statusesAmong(request.callbackEvents),
    ...omitEmpty({ callbackUrl, idempotencyKey, tenant, retryOf }),
    ...omitEmpty({ timeoutMs: toMs(request.timeoutMs), coldStartMs: toMs(request.coldStartMs) }),
    ...omitEmpty({ priority: priorityNamed(request.priority), measure: wantedMetric(request.measure, preset) }),
    ...presetFields(request),
    ...askedOverlays(request),
    ...omitEmpty({ quality: wantedQuality(request.quality, preset), workers: wantedWorkers(request, preset) }),
    ...askedInputs(request),
    ...wantedClip(request),
    ...(request.queueTry > 0 && {
      ...{ queueTry: int32(request.queueTry), queueAddress: request.queueAddress },
      ...(claimKeyPattern.test(request.claimKey) && { claimKey: request.claimKey }),
    }),
  };
}

const claimKeyPattern = /^[0-9a-f]{64}$/;

function checkHandOver({ jobId, queueTry, queueAddress }: JobRequest) {
  if (queueTry === 0) return;
  if (!isWaitingId(jobId)) throw invalidField("job_id", "an order from a waiting room has 00000000-<uuid v7>");
  if (!queueAddress) throw invalidField("queue_address", "an order from a waiting room names its worker");
}

function priorityNamed(name: string): Priority | undefined {
  if (name === "" || isPriority(name)) return name || undefined;
  throw invalidField("priority", `use ${priorities.join(", ")}`);
}

const toMs = (milliseconds: bigint) => int32(Number(milliseconds));

/** The most characters of each text; a control plane sends no more, however much of a URL it had to percent-encode. */
const maxLengths = [
  ["inputUrl", 100_000],
  ["callbackUrl", 100_000],
  ["tenant", 255],
  ["idempotencyKey", 255],
  ["retryOf", 64],
  ["queueAddress", 1_000],
] as const;

/** Throws when a text is longer than any that a control plane sends. */
export function checkLengths(request: JobRequest) {
  for (const [name, most] of maxLengths)
    if (request[name].length > most) throw invalidField(snakeCase(name), `is longer than ${most} characters`);
}

function outputOf({ jobId, output: given }: JobRequest, preset: Preset, rules: Rules): Order["output"] {
  return {
    storage: storageNamed(given?.storage || rules.defaultStorage),
    path: (given?.path || `${given?.pathPrefix ?? ""}${defaultPath(jobId, preset)}`).normalize("NFC"),
    type: preset.output_type,
    metadata: given?.metadata ?? {},
    publish: published(given?.publish || "atomic"),
    overwrite: given?.overwrite ?? false,
    ...(given?.certificate && { certificate: true }),
  };
}

/** Checks the output. What depends on the preset is checked only when that preset exists. */
function checkOutput(request: JobRequest, rules: Rules) {
  const { type, storage, path, metadata = {}, publish } = request.output ?? {};
  const preset = rules.presets.get(request.preset);
  checkAll(
    () => preset && checkType(type, preset),
    () => storageOf({ output: { storage: storageNamed(storage || rules.defaultStorage) } }, rules.storages),
    () => checkPublish(published(publish || "atomic"), preset),
    () => checkPath(preset ? outputOf(request, preset, rules).path : (path ?? ""), preset, rules),
    () => checkMetadata(metadata),
    () => checkCertificate(request, rules),
  );
}

function checkCertificate({ output }: JobRequest, { signs }: Rules) {
  if (output?.certificate && !signs)
    throw invalidField("output.certificate", "this worker signs no certificates: set its SIGNING_KEY, or leave it out");
}

function checkType(type: string | undefined, { name, output_type }: Preset) {
  if (type && type !== output_type)
    throw invalidField("output.type", `preset ${name} makes "${output_type}"; leave type out or say "${output_type}"`);
}

function checkPublish(publish: Order["output"]["publish"], preset: Preset | undefined) {
  if (publish === "progressive" && preset && preset.output_type !== "hls")
    throw invalidField("output.publish", 'only presets of type "hls" can be shown while they grow');
}

function checkMetadata(metadata: Readonly<Record<string, string>>) {
  const problem = metadataProblem(metadata);
  if (problem) throw invalidField("output.metadata", problem);
}

const defaultPath = (jobId: string, { output_type, extension }: Preset) =>
  output_type === "single" ? `outputs/${jobId}.${extension}` : `outputs/${jobId}/`;

function checkPath(path: string, preset: Preset | undefined, { recordPrefix, uploadPrefix }: Rules) {
  if (path === "") return;
  const type = preset?.output_type;
  const isFolder = path.endsWith("/");
  if (type === "single" && isFolder) throw invalidField("output.path", "name a file: it must not end in /");
  if (type && type !== "single" && !isFolder) throw invalidField("output.path", `a path of type "${type}" ends in /`);
  const why = pathProblem(path, recordPrefix, uploadPrefix);
  if (why) throw invalidField("output.path", why);
}

function storageNamed(name: string): StorageName {
  if (isStorageName(name)) return name;
  throw invalidField("output.storage", `no storage is called "${name}"; use ${storageNames.join(", ")}`);
}

function published(when: string): Order["output"]["publish"] {
  if (when === "atomic" || when === "progressive") return when;
  throw invalidField("output.publish", 'use "atomic" or "progressive"');
}
