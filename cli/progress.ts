import type { EventJson } from "#shared/job/event.ts";

type Terminal = { isTTY?: boolean; columns?: number; write(text: string): unknown };

const barWidth = 24;

/** Shows a job's events: as a bar that redraws itself on a terminal, elsewhere a line for each step and tenth. */
export function showProgress(out: Terminal) {
  let shown = "";
  const line = (event: EventJson) => {
    const step = `${event.attempt} ${event.status} ${Math.floor((event.progress ?? 0) / 10)}`;
    if (step === shown) return;
    shown = step;
    out.write(`${describe(event)}\n`);
  };
  const redraw = (event: EventJson) => {
    const text = `${bar(event.progress)} ${describe(event)}`;
    out.write(`\r\x1b[2K${text.slice(0, (out.columns ?? 80) - 1)}`);
  };
  return {
    show: out.isTTY ? redraw : line,
    /** Leaves what is shown standing. */
    end: () => {
      if (out.isTTY) out.write("\n");
    },
  };
}

/** One event in words: percent, frames a second, speed, time left, what is being done. */
export function describe({ status, progress, fps, speed, eta_seconds, message, attempt, error }: EventJson): string {
  return [
    progress === undefined ? status : `${progress.toFixed(1)}%`,
    fps && `${fps.toFixed(0)} fps`,
    speed && `${speed.toFixed(2)}x`,
    eta_seconds !== undefined && `${eta_seconds} s left`,
    attempt > 1 && `attempt ${attempt}`,
    error?.message ?? message,
  ]
    .filter(Boolean)
    .join("  ");
}

const bar = (percent = 0) => {
  const full = Math.round((percent / 100) * barWidth);
  return `[${"#".repeat(full)}${"-".repeat(barWidth - full)}]`;
};
