import type { Context } from "#cli/context.ts";
import { completed, finalEvent } from "#cli/encode/follow.ts";
import { displayOn } from "#cli/progress.ts";
import type { Client } from "#client/client.ts";

/** Shows a job to its end; throws what else became of one that did not complete. */
export async function follow({ isJson }: Context, api: Client, jobId: string, signal: AbortSignal) {
  const display = displayOn(process.stdout, { isJson, isSingle: true });
  const last = await finalEvent(api, jobId, { signal, show: (event) => display.show("", event) });
  display.end("", last);
  return completed(last);
}
