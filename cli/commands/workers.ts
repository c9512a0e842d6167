import type { Client } from "#client/client.ts";

type Worker = Awaited<ReturnType<Client["workers"]>>[number];

export function listWorkers(workers: readonly Worker[]) {
  const width = Math.max(...workers.map(({ address }) => address.length));
  for (const worker of workers) console.log(`${worker.address.padEnd(width)}  ${stateOf(worker)}`);
}

function stateOf({ asleep, reachable, draining, current_jobs = 0, max_concurrent_jobs = 0, version }: Worker) {
  if (asleep) return "asleep";
  if (!reachable) return "unreachable";
  return `${current_jobs}/${max_concurrent_jobs} jobs${draining ? ", draining" : ""}  version ${version}`;
}
