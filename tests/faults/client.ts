import type { EventJson } from "#shared/job/event.ts";
import { isFinal } from "#shared/job/status.ts";
import { watchPlaylists } from "#tests/support/reader.ts";
import { client } from "#tests/support/service.ts";
import { slowness } from "#tests/support/slowness.ts";
import { outputProblems } from "./outputs.ts";
import type { Rig } from "./rig.ts";
import { transitionProblems } from "./transitions.ts";
import { type Watched, watch } from "./watcher.ts";
import type { Wish } from "./wish.ts";

/** One job as its client saw it. */
export type Seen = Watched & { wish: Wish; jobId: string; end: EventJson | undefined; took: number };

/** Orders a job, follows it to its end, and looks at what came of it. */
export async function liveJob(rig: Rig, wish: Wish, over: AbortSignal): Promise<Seen> {
  const began = Date.now();
  const urls = rig.controlplanes.map(({ url }) => url);
  if (wish.startsAtSecond) urls.reverse();
  const ids = await Promise.all([
    post(rig, wish, urls, over),
    ...(wish.isDoubled ? [post(rig, wish, urls.toReversed(), over)] : []),
  ]);
  const [jobId = ""] = ids;
  if (!jobId)
    return { wish, jobId, events: [], breaks: [], complaints: ["it was never accepted"], end: undefined, took: 0 };

  const folder = wish.path.slice(0, wish.path.lastIndexOf("/") + 1);
  const cancelling = wish.isCancelled ? cancelSoon(urls, jobId, over) : undefined;
  await using playlists = watchPlaylists(rig.readers[wish.storage], folder, 150);
  const watched = await watch(urls, jobId, over);
  const end = watched.events.findLast(({ status }) => isFinal(status));
  const complaints = [...watched.complaints, ...playlists.broken(), ...transitionProblems(rig, jobId, watched)];
  if (new Set(ids).size > 1) complaints.push(`one key made several jobs: ${ids}`);
  if ((await cancelling) && end?.status !== "cancelled") complaints.push(`it was cancelled, and then ${end?.status}`);
  if (end) {
    complaints.push(...(await answerProblems(urls, end, over)), ...(await outputProblems(rig, wish, end)));
  }
  return { ...watched, complaints, wish, jobId, end, took: Date.now() - began };
}

/** Asks until it is accepted; the key makes that one job. */
async function post(
  rig: Rig,
  { key, preset, storage, path, source }: Wish,
  urls: readonly string[],
  over: AbortSignal,
) {
  const order = {
    input_url: rig.sourceUrl(source),
    preset,
    output: { storage, path },
    callback_url: rig.callbackUrl,
    callback_events: ["processing"],
  };
  for (let turn = 0; !over.aborted; turn += 1) {
    const answer = await client(urls[turn % urls.length] ?? "")
      .post(order, { "Idempotency-Key": key }, AbortSignal.any([over, AbortSignal.timeout(15_000)]))
      .catch(() => undefined);
    if (answer?.status === 202) return String(answer.body["job_id"]);
    if (answer && answer.status < 500 && answer.status !== 409)
      throw new Error(`refused: ${JSON.stringify(answer.body)}`);
    await Bun.sleep(250);
  }
  return "";
}

const isEnd = ({ status }: Record<string, unknown>) => ["completed", "failed", "cancelled"].includes(String(status));

/** Cancels a job; true when the service has promised it. */
async function cancelSoon(urls: readonly string[], jobId: string, over: AbortSignal): Promise<boolean> {
  await Bun.sleep(300);
  const signal = AbortSignal.any([over, AbortSignal.timeout(10_000)]);
  const answer = await client(urls[0] ?? "")
    .cancel(jobId, signal)
    .catch(() => undefined);
  return answer?.status === 202;
}

/** Whether each control plane says of a job's end what its stream said. */
async function answerProblems(urls: readonly string[], end: EventJson, over: AbortSignal): Promise<string[]> {
  const problems: string[] = [];
  for (const url of urls) {
    const told = await answered(url, end.job_id, over);
    const { order: _, ...event } = told ?? {};
    if (!Bun.deepEquals(event, end))
      problems.push(`its stream ended with ${JSON.stringify(end)}, and GET says ${JSON.stringify(event)}`);
  }
  return problems;
}

/** What GET says when it says that the job has ended: a control plane that is just connecting again may be behind. */
async function answered(url: string, jobId: string, over: AbortSignal) {
  for (let inTime = AbortSignal.any([over, AbortSignal.timeout(30_000 * slowness())]); !inTime.aborted; ) {
    const signal = AbortSignal.any([over, AbortSignal.timeout(10_000)]);
    const answer = await client(url)
      .job(jobId, signal)
      .catch(() => undefined);
    if (answer && answer.status < 500 && isEnd(answer.body)) return answer.body;
    await Bun.sleep(250);
  }
  return undefined;
}
