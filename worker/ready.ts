import { Fault } from "#shared/fault.ts";
import { capabilityNames } from "./capability-names.ts";
import { probeCapabilities } from "./ffmpeg/capabilities.ts";
import type { Presets } from "./presets/load.ts";

/**
 * Whether a worker can take jobs, which it finds out while it already answers: asking ffmpeg takes longer than the rest
 * of its start. One that cannot work with its ffmpeg stops. Then `canRun` never resolves, so that the jobs it holds stay
 * for the next one, and no order is accepted.
 */
export function readiness(presets: Presets) {
  const isAnswering = Promise.withResolvers<void>();
  const { usable, capabilities } = probeCapabilities(isAnswering.promise);
  const canRun = Promise.withResolvers<void>();
  const ignore = () => {};
  let known: readonly string[] = [];
  usable.then(() => canRun.resolve(), ignore);
  capabilities.then((ffmpeg) => {
    known = capabilityNames(ffmpeg, presets);
  }, ignore);
  return {
    canRun: canRun.promise,
    ffmpeg: capabilities,
    async checkCanAccept() {
      await usable.catch((cause) => {
        throw new Fault("busy", "the worker stops: it cannot work with its ffmpeg", { cause });
      });
    },
    /** To be called once the worker answers. Resolves when jobs can be taken; otherwise stops it, and says why. */
    async confirm(stop: () => Promise<void>) {
      isAnswering.resolve();
      await usable.catch(async (error) => {
        await stop();
        throw error;
      });
    },
    /** The capabilities of ffmpeg for the worker's status; empty until they are known. */
    knownCapabilities: () => known,
  };
}
