import { Fault } from "#shared/fault.ts";
import { capabilityNames } from "./capability-names.ts";
import type { Probing } from "./ffmpeg/capabilities.ts";
import type { Presets } from "./presets/load.ts";

/**
 * Whether a worker can take jobs, which it finds out while it already answers. One that cannot work with its ffmpeg
 * stops: `canRun` then never resolves, so that the jobs it holds stay for the next one, and no order is accepted.
 */
export function readiness({ usable, capabilities }: Probing, presets: Presets) {
  const canRun = Promise.withResolvers<void>();
  const ignore = () => {};
  let told: readonly string[] = [];
  usable.then(() => canRun.resolve(), ignore);
  capabilities.then((known) => {
    told = capabilityNames(known, presets);
  }, ignore);
  return {
    canRun: canRun.promise,
    async checkCanAccept() {
      await usable.catch((cause) => {
        throw new Fault("busy", "the worker stops: it cannot work with its ffmpeg", { cause });
      });
    },
    /** Resolves when jobs can be taken; otherwise stops the worker, and says why. */
    async orStop(stop: () => Promise<void>) {
      await usable.catch(async (error) => {
        await stop();
        throw error;
      });
    },
    /** What a status says of ffmpeg as far as it is known. */
    told: () => told,
  };
}
