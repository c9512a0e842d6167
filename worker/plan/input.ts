import { inputGuard } from "#worker/ffmpeg/guard.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";

/** What every plan begins with. */
export const readInput = (input: string) => [
  ...["-hide_banner", "-nostdin", "-y", "-v", "warning"],
  ...inputGuard,
  ...["-i", input],
];

/** Ends an output that runs far past what the source says, as timestamps that jump by hours make it do. */
export const capLength = ({ durationSeconds }: Probe) =>
  durationSeconds === undefined ? [] : ["-t", (durationSeconds * 1.05 + 5).toFixed(3)];
