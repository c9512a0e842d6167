import { type Config, isOnThisMachine } from "./config.ts";

/** Warns of settings that are each valid, but most likely do not do together what the operator meant. */
export const adviceOn = ({ readsRecords, workers }: Pick<Config, "readsRecords" | "workers">) =>
  readsRecords || workers.every(isOnThisMachine)
    ? []
    : [
        "RECORD_STORAGE is not set: nobody answers for a job once its worker has stopped. Give this control plane the " +
          "workers' RECORD_STORAGE (else their STORAGE_TYPE) and the settings of that storage",
      ];
