import type { Order } from "#client/client.ts";
import { type Fault, faultOf } from "../order-form.ts";
import { client, noted } from "./session.ts";

const atOnce = 3;

/** What became of an order: its job, or why there is none. */
export type Sent = { order: Order; jobId: string; fault: undefined } | { order: Order; fault: Fault };

/** Posts orders, a few at a time; the answers come in the order of the orders. */
export async function submitAll(orders: readonly Order[]): Promise<Sent[]> {
  const left = [...orders.entries()].reverse();
  const answers: Sent[] = [];
  const work = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const [index, order] = next;
      answers[index] = await noted(client.value.submit(order)).then(
        ({ job_id }) => ({ order, jobId: job_id, fault: undefined }),
        (error) => ({ order, fault: faultOf(error) }),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}
