import { costOf, type EndedJob, minutesOf, successOf, waitAt } from "../ended-jobs.ts";
import { amount, span } from "../format.ts";

/** Jobs that have something in common, as charts show them. */
export type Group = { label: string; colour: string; jobs: readonly EndedJob[] };

/** The figures of each group side by side. */
export const GroupTable = ({ by, groups }: { by: string; groups: readonly Group[] }) => (
  <section class="card chart">
    <h2>By {by}</h2>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
    <section class="scrolls" tabIndex={0} aria-label={`Figures by ${by}`}>
      <table>
        <thead>
          <tr>
            {[by, "jobs", "success", "video", "wait", "cost"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map(({ label, colour, jobs }) => (
            <tr key={label}>
              <th scope="row" class={colour}>
                {label}
              </th>
              <td>{jobs.length}</td>
              <td>{written(successOf(jobs), (value) => `${value.toFixed(0)} %`)}</td>
              <td>{amount(minutesOf(jobs))} min</td>
              <td>{written(waitAt(jobs, 0.5), (seconds) => span(seconds * 1_000))}</td>
              <td>{written(costOf(jobs), amount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  </section>
);

const written = (value: number | undefined, write: (value: number) => string) =>
  value === undefined ? "–" : write(value);
