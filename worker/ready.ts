import { Fault } from "#shared/fault.ts";
import { capabilityNames } from "./capability-names.ts";
import { buildOf } from "./ffmpeg/build.ts";
import { probeCapabilities } from "./ffmpeg/capabilities.ts";
import type { Presets } from "./presets/load.ts";

/**
 * Finds out whether the worker can work with its ffmpeg. It already answers calls meanwhile, because asking ffmpeg takes
 * longer than the rest of the start. If it cannot, the worker stops: `canRun` never resolves, so that its jobs stay on the
 * disk for the next one, and no order is accepted.
 */
export function readiness(presets: Presets) {
  const isAnswering = Promise.withResolvers<void>();
  const ffmpeg = probeCapabilities(isAnswering.promise);
  const { begun, capabilities } = ffmpeg;
  const canRun = Promise.withResolvers<void>();
  const ignore = () => {};
  let known: readonly string[] = [];
  let version = "";
  begun.then((ffmpeg) => {
    version = ffmpeg.version.text;
    canRun.resolve();
  }, ignore);
  capabilities.then((ffmpeg) => {
    known = capabilityNames(ffmpeg, presets);
  }, ignore);
  // Only workers of one build share films; one that does not know its own encodes alone.
  capabilities.then(buildOf).then((name) => {
    known = [...known, `build:${name}`];
  }, ignore);
  return {
    canRun: canRun.promise,
    ffmpeg,
    async checkCanAccept() {
      await begun.catch((cause) => {
        throw new Fault("busy", "the worker stops: it cannot work with its ffmpeg", { cause });
      });
    },
    /** To be called once the worker answers calls. Resolves when it can take jobs; otherwise stops it and throws why. */
    async confirm(stop: () => Promise<void>) {
      isAnswering.resolve();
      await begun.catch(async (error) => {
        await stop();
        throw error;
      });
    },
    /** The capabilities of ffmpeg for the worker's status; empty until they are known. */
    knownCapabilities: () => known,
    /** What ffmpeg calls itself, for the same; empty until it is known. */
    knownVersion: () => version,
  };
}
