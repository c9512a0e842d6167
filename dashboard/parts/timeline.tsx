import { span } from "../format.ts";
import type { Step } from "../timeline.ts";

const titles: Record<Step["name"], string> = {
  queued: "Queued",
  fetch: "Fetch",
  aim: "Aim",
  encode: "Encode",
  join: "Join",
  measure: "Measure",
  upload: "Upload",
  publish: "Publish",
};

/** The steps of a job side by side, with widths in proportion to their durations. */
export function Timeline({ steps }: { steps: readonly Step[] }) {
  const total = steps.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
  return (
    <div class="timeline">
      <div class="bar" aria-hidden="true">
        {steps.map(({ name, from, to }) => (
          <span key={name} class={name} style={{ flexGrow: Math.max(0.004, Math.max(0, to - from) / (total || 1)) }} />
        ))}
      </div>
      <ol>
        {steps.map(({ name, from, to }) => (
          <li key={name} class={name}>
            {titles[name]} <b>{span(to - from)}</b>
          </li>
        ))}
      </ol>
    </div>
  );
}
