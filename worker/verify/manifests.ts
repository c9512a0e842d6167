import { statedDuration, timelineEnd } from "#worker/manifests/dash.ts";

/** Players show nothing after what a DASH manifest says of its length, and wait for what is not there before it. */
export function manifestProblem(name: string, text: string): string | undefined {
  const end = timelineEnd(text);
  if (end === undefined || !/\btype="static"/.test(text)) return undefined;
  const stated = statedDuration(text);
  if (stated === undefined) return `${name}: it does not say how long it is`;
  if (Math.abs(stated - end) <= 0.01) return undefined;
  return `${name}: it says that it is ${stated.toFixed(3)} s long, and its segments end at ${end.toFixed(3)} s`;
}
