import { type BootFront, startBootFront } from "./boot-front.ts";
import type { FakeWorker } from "./fake-worker.ts";
import { freePort, type Process, startWorker } from "./processes.ts";

type Machine = { front: BootFront; worker?: Promise<Process> };

/** So many machines that sleep, each behind a front that accepts connections for it: real workers, once they boot. */
export async function sleepingWorkers(count: number, settings: { home: string } & Record<string, unknown>) {
  const stack = new AsyncDisposableStack();
  const machines: Machine[] = [];
  for (let n = 0; n < count; n += 1) machines.push({ front: stack.use(await startBootFront(await freePort())) });
  const woken = () => machines.filter(({ front }) => front.isWoken());
  const started = async ({ front }: Machine) => {
    const worker = stack.use(await startWorker({ port: front.port, ...settings }));
    front.boot();
    return worker;
  };
  return {
    addresses: machines.map(({ front }) => front.address),
    /** How many machines a call has started so far. */
    woken: () => woken().length,
    /** Ends the boot of the machines that were woken. */
    async boot() {
      await Promise.all(
        woken().map((machine) => {
          machine.worker ??= started(machine);
          return machine.worker;
        }),
      );
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** So many machines that sleep, each behind a front that accepts connections for it: fakes that `start` makes. */
export async function sleepingFakes(count: number, start: () => Promise<FakeWorker>) {
  const stack = new AsyncDisposableStack();
  const fronts: BootFront[] = [];
  const workers: FakeWorker[] = [];
  for (let n = 0; n < count; n += 1) {
    const worker = stack.use(await start());
    workers.push(worker);
    fronts.push(stack.use(await startBootFront(worker.port)));
  }
  return {
    fronts,
    workers,
    addresses: fronts.map(({ address }) => address),
    woken: () => fronts.filter((front) => front.isWoken()),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
