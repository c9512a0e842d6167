type WorkerMetrics = { worker: string; metrics: string };

/** More than any worker has: a longer text comes from something else. */
const longest = 1_000_000;

const about = /^# (?:HELP|TYPE) (flux_worker_\w+) /;
const sample = /^((flux_worker_\w+?)(?:_bucket|_sum|_count)?)(?:\{(.*)\})?( [0-9.eE+-]+)$/;

/** Joins the metrics of workers, which are in the Prometheus text format, and labels each line with its worker. */
export function joinWorkerMetrics(workers: readonly WorkerMetrics[]): string {
  const lines = workers.flatMap(({ worker, metrics }) =>
    metrics
      .slice(0, longest)
      .split("\n")
      .flatMap((line) => labelled(line, worker)),
  );
  // The format wants all lines of a metric together, and its HELP and TYPE once.
  const families = Map.groupBy(lines, ({ family }) => family);
  return [...families.values()].flatMap((family) => [...new Set(family.map(({ line }) => `${line}\n`))]).join("");
}

/** Labels a line and names its metric; nothing for a line that no worker of ours would write. */
function labelled(line: string, worker: string): { family: string; line: string }[] {
  const [, described] = about.exec(line) ?? [];
  if (described) return [{ family: described, line }];
  const [, name, family, labels, value] = sample.exec(line) ?? [];
  if (!name || !family) return [];
  return [{ family, line: `${name}{worker="${worker}"${labels ? `,${labels}` : ""}}${value}` }];
}
