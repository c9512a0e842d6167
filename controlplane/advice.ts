import { type Config, isOnThisMachine } from "./config.ts";

/** What settings that are right each for itself most likely were not meant to say together. */
export const adviceOn = ({ readsRecords, workers }: Pick<Config, "readsRecords" | "workers">) =>
  readsRecords || workers.every(isOnThisMachine)
    ? []
    : [
        "RECORD_STORAGE is not set: nobody answers for a job once its worker has stopped. Give this control plane the " +
          "workers' RECORD_STORAGE (else their STORAGE_TYPE) and the settings of that storage",
      ];
