import { signal } from "@preact/signals";
import type { Plan } from "#client/client.ts";
import { client, noted } from "./session.ts";

/** A dry run of a source with every preset. */
export type DryRun = {
  source: string;
  state: "asking" | "answered" | "refused";
  plan?: Plan;
  /** Why it was refused, in words. */
  problem?: string;
};

/** The latest dry run; undefined before there was one. */
export const dryRun = signal<DryRun | undefined>(undefined);

let leaving = new AbortController();

/** Asks what each preset would make of a source. A worker reads as much of it as that needs, and encodes nothing. */
export async function askPlan(source: string) {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  dryRun.value = { source, state: "asking" };
  try {
    const plan = await noted(client.value.plan({ input_url: source }, signal));
    dryRun.value = { source, state: "answered", plan };
  } catch (error) {
    if (signal.aborted) return;
    dryRun.value = { source, state: "refused", problem: error instanceof Error ? error.message : String(error) };
  }
}

export function forgetPlan() {
  leaving.abort();
  dryRun.value = undefined;
}

/** What the latest dry run says of a preset. */
export const planOf = (preset: string) => dryRun.value?.plan?.presets.find((one) => one.preset === preset);
