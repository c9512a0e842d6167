import { type Context, print } from "#cli/context.ts";
import type { Client, Priority, Queue } from "#client/client.ts";

export async function showQueue(context: Context, api: Client) {
  const queue = await api.queue();
  print(context, queue, [summaryOf(queue), ...queue.by_tenant.map(lineOf)].join("\n"));
}

export async function setPriority(context: Context, api: Client, id: string, priority: Priority) {
  const job = await api.setPriority(id, priority);
  print(context, job, `${id} waits with priority ${priority}, as number ${job.position}`);
}

const summaryOf = ({ waiting, running, oldest_seconds }: Queue) =>
  `${waiting} waiting, ${running} running${waiting > 0 ? `; the oldest has waited ${Math.round(oldest_seconds)} s` : ""}`;

const lineOf = ({ tenant, priority, waiting }: Queue["by_tenant"][number]) =>
  `${String(waiting).padStart(6)}  ${priority.padEnd(6)}  ${tenant || "(no tenant)"}`;
