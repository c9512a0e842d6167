import { createInterface } from "node:readline/promises";
import { plain } from "#cli/cells.ts";
import { type Context, print } from "#cli/context.ts";
import type { Client } from "#client/client.ts";
import { Fault } from "#shared/fault.ts";

/** Removes an ended job with its output; asks first, unless `yes` says that it was decided. */
export async function removeJob(context: Context, api: Client, id: string, { yes = false }: { yes?: boolean }) {
  if (!yes) await confirmRemoval(context, id);
  const removal = await api.remove(id);
  const { removed, different, different_total } = removal;
  print(context, removal, `removed ${id} with ${removed} ${removed === 1 ? "object" : "objects"} of its output`);
  if (different_total === 0 || context.isJson) return;
  console.error(`flux: ${different_total} stay, because they are another job's by now:`);
  for (const key of different) console.error(`  ${plain(key)}`);
}

async function confirmRemoval({ isJson }: Context, id: string) {
  if (isJson || !process.stdin.isTTY || !process.stderr.isTTY)
    throw new Fault("invalid", "this removes the output for good: add --yes");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`Remove ${id} with all that it has published? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Fault("cancelled", "nothing was removed");
  } finally {
    lines.close();
  }
}
