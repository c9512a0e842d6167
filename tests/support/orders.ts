import type { Order } from "#shared/job/order.ts";

type Changes = Partial<Omit<Order, "output">> & { output?: Partial<Order["output"]> };

/** An order as a worker holds it: of a job of its own, for one file in the local storage, unless it says otherwise. */
export const anOrder = ({ output, ...more }: Changes = {}): Order => ({
  jobId: `1f2e3d4c-${Bun.randomUUIDv7()}`,
  inputUrl: "https://example.com/a.mp4",
  preset: "tiny",
  callbackEvents: [],
  ...more,
  output: {
    ...{ storage: "local", path: "a.mp4", type: "single", metadata: {}, publish: "atomic", overwrite: false },
    ...output,
  },
});
