import { signal } from "@preact/signals";
import type { Client, Plan } from "#client/client.ts";
import { client, noted } from "./session.ts";

/** A dry run of a source with every preset. */
export type DryRun = {
  /** What was asked: see `keyOf`. */
  key: string;
  state: "asking" | "answered" | "refused";
  plan?: Plan;
  /** Why it was refused, in words. */
  problem?: string;
};

/** The latest dry run; undefined before there was one. */
export const dryRun = signal<DryRun | undefined>(undefined);

let leaving = new AbortController();

type PlanOrder = Parameters<Client["plan"]>[0];

/** Tells whether a dry run answers what would be asked now. */
export const keyOf = (order: PlanOrder) => JSON.stringify(order);

/** Asks what each preset would make of a source. A worker reads as much of it as that needs, and encodes nothing. */
export async function askPlan(order: PlanOrder) {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const key = keyOf(order);
  dryRun.value = { key, state: "asking" };
  try {
    const plan = await noted(client.value.plan(order, signal));
    dryRun.value = { key, state: "answered", plan };
  } catch (error) {
    if (signal.aborted) return;
    dryRun.value = { key, state: "refused", problem: error instanceof Error ? error.message : String(error) };
  }
}

export function forgetPlan() {
  leaving.abort();
  dryRun.value = undefined;
}

/** What the latest dry run says of a preset. */
export const planOf = (preset: string) => dryRun.value?.plan?.presets.find((one) => one.preset === preset);
