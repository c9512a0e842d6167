import { removeClaims } from "#shared/claims.ts";
import { isWaitingId } from "#shared/job/id.ts";
import type { JobRecord } from "#shared/job/record.ts";
import { makeHandOvers } from "#shared/queue/hand-overs.ts";
import type { RecordFolder, RecordName } from "./day-folders.ts";
import { markerTime } from "./markers.ts";
import { makeMarkers } from "./write-markers.ts";

type Where = Omit<RecordFolder, "read">;
type Found = RecordName & { record: JobRecord };

/**
 * When no other part of the service goes by the claims of an ended job any more: numbers of claims that are closed are
 * remembered for two days, and those that a worker may still try for one.
 */
export const longOverMs = 3 * 86_400_000;

// A job has a webhook for each event that it tells of, and few files beside its record.
const mostOfOneJob = 100;

/**
 * Removes what the storage of records holds of an ended job: pending webhooks, claims, pieces, markers, what lies beside the
 * record, and the record last. Claims on paths stay for ever. `beside`: the keys beside the record, where they are known.
 */
export async function removeRecord(where: Where, found: Found, signal: AbortSignal, beside?: readonly string[]) {
  const { storage, root, now } = where;
  const { day, jobId, record } = found;
  const { order, event, claim } = record;
  const isLongOver = now() - Date.parse(event.timestamp) > longOverMs;
  const remove = (key: string) => storage.remove(key, signal);
  const named = async (folder: string, begin: string) => {
    const part = { after: `${folder}${begin}`, limit: mostOfOneJob };
    const keys = await Array.fromAsync(storage.list(folder, signal, part));
    return keys.filter((key) => key.startsWith(part.after));
  };

  const isWebhook = new RegExp(`/${jobId}-\\d+\\.json$`);
  const webhooks = isLongOver
    ? []
    : (await named(`${root}/webhooks/`, `${jobId}-`)).filter((key) => isWebhook.test(key));
  for (const key of webhooks) await remove(key);
  for await (const key of storage.list(`${root}/pieces/${jobId}/`, signal)) await remove(key);
  if (claim) await removeClaims(storage, `${root}/claims/${claim}/`, { jobId, isLongOver }, signal);
  if (isWaitingId(jobId)) await removeHandOvers(where, found, isLongOver, signal);
  await makeMarkers({ storage, root }).remove(order, event.status, markerTime(jobId, Date.parse(day)), signal);
  const own = `${root}/${day}/${jobId}.json`;
  for (const key of beside ?? (await named(`${root}/${day}/`, `${jobId}.`))) if (key !== own) await remove(key);
  await remove(own);
}

/**
 * A worker that was given the job and was not heard of since must find that it has ended, should it come back: there may be
 * one where a control plane has ended a job that was offered to workers.
 */
async function removeHandOvers(where: Where, { jobId, record }: Found, isLongOver: boolean, signal: AbortSignal) {
  const { storage, root, now } = where;
  const folder = `${root}/claims/queue/${jobId}/`;
  const end = await makeHandOvers({ storage, prefix: root, now }).readEnd(jobId, signal);
  const isNeverOffered = end?.by === "control-plane" && end.number === 0;
  const isLost = record.event.error?.kind === "worker_lost";
  const isSafe = isLongOver || (!isLost && (record.worker !== undefined || isNeverOffered));
  const ends = isSafe ? [] : [`${folder}end.json`, `${folder}event.json`];
  for (const key of await Array.fromAsync(storage.list(folder, signal)))
    if (!ends.includes(key)) await storage.remove(key, signal);
}
