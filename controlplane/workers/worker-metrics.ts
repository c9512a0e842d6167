type WorkerMetrics = { worker: string; metrics: string };

/** Longer than any worker's; what is more comes from something that is none. */
const longest = 1_000_000;

const about = /^# (?:HELP|TYPE) (flux_worker_\w+) /;
const sample = /^((flux_worker_\w+?)(?:_bucket|_sum|_count)?)(?:\{(.*)\})?( [0-9.eE+-]+)$/;

/** What workers say of themselves in the Prometheus text format, joined, each line with its worker's label. */
export function joinWorkerMetrics(workers: readonly WorkerMetrics[]): string {
  const told = workers.flatMap(({ worker, metrics }) =>
    metrics
      .slice(0, longest)
      .split("\n")
      .flatMap((line) => labelled(line, worker)),
  );
  // The format wants each metric in one piece, and what it is about said once.
  const families = Map.groupBy(told, ({ family }) => family);
  return [...families.values()].flatMap((lines) => [...new Set(lines.map(({ line }) => `${line}\n`))]).join("");
}

/** The line and its metric; nothing for what no worker of ours would say. */
function labelled(line: string, worker: string): { family: string; line: string }[] {
  const [, described] = about.exec(line) ?? [];
  if (described) return [{ family: described, line }];
  const [, name, family, labels, value] = sample.exec(line) ?? [];
  if (!name || !family) return [];
  return [{ family, line: `${name}{worker="${worker}"${labels ? `,${labels}` : ""}}${value}` }];
}
