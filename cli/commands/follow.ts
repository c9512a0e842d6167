import type { Context } from "#cli/context.ts";
import { completed, finalEvent } from "#cli/encode/follow.ts";
import { onInterrupt } from "#cli/interrupt.ts";
import { displayOn } from "#cli/progress.ts";
import type { Client } from "#client/client.ts";

type Options = {
  signal?: AbortSignal;
  /** Called by Ctrl-C; the second one does not wait for what it leads to. */
  cancel?: () => Promise<unknown>;
};

/** Shows a job to its end; throws what else became of one that did not complete. */
export async function follow({ isJson }: Context, api: Client, jobId: string, { signal: given, cancel }: Options) {
  const display = displayOn(process.stdout, { isJson, isSingle: true });
  using interrupt =
    cancel &&
    onInterrupt(async () => {
      display.note("cancelling");
      await cancel();
    });
  const signal = given ?? interrupt?.signal;
  const last = await finalEvent(api, jobId, { ...(signal && { signal }), show: (event) => display.show("", event) });
  display.end("", last);
  return completed(last);
}
