import type { Semaphore } from "#shared/async/semaphore.ts";
import { Fault } from "#shared/fault.ts";
import type { Registry } from "./registry.ts";

type Deps = { registry: Pick<Registry, "isDraining" | "occupy">; slots: Semaphore };

/** Takes a slot for work that is no job, and keeps the worker up, until it is disposed of. Throws where there is no room. */
export type Admit = () => Disposable;

export const makeAdmit =
  ({ registry, slots }: Deps): Admit =>
  () => {
    const slot = registry.isDraining ? undefined : slots.tryAcquire();
    if (!slot)
      throw new Fault("busy", registry.isDraining ? "the worker is draining" : "no slot or memory for another job");
    const admitted = new DisposableStack();
    admitted.defer(registry.occupy());
    admitted.use(slot);
    return admitted;
  };
