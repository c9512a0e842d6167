import { type Context, print } from "#cli/context.ts";
import type { Client, Worker } from "#client/client.ts";

export async function listWorkers(context: Context, api: Client, wake: boolean) {
  const workers = await api.workers({ wake });
  const width = Math.max(...workers.map(({ address }) => address.length));
  const lines = workers.map((worker) => `${worker.address.padEnd(width)}  ${stateOf(worker)}`);
  print(context, workers, lines.join("\n"));
}

function stateOf(worker: Worker) {
  if (!worker.reachable) return worker.starting ? "starting" : worker.asleep ? "asleep" : "unreachable";
  const { current_jobs, max_concurrent_jobs, draining, version } = worker;
  return `${current_jobs}/${max_concurrent_jobs} jobs${draining ? ", draining" : ""}  version ${version}`;
}
