import * as v from "valibot";
import { httpUrl, setting } from "#shared/env.ts";
import { storageKind } from "#shared/storage/kind.ts";
import { localStorage } from "./local-storage.ts";

export const localKind = storageKind({
  setting: "LOCAL_ROOT",
  settings: {
    LOCAL_ROOT: setting("folder of the storage local", v.string(), "./out"),
    LOCAL_PUBLIC_URL: setting("URL below which players read LOCAL_ROOT", httpUrl),
  },
  rules: [],
  optionsOf: (settings) => ({ root: settings.LOCAL_ROOT, publicUrl: settings.LOCAL_PUBLIC_URL }),
  open: localStorage,
  advice: [
    [/may not be written|in the output's place/, "check LOCAL_ROOT and who owns it"],
    [/players cannot read|nothing answers|something else/, "set LOCAL_PUBLIC_URL to what serves LOCAL_ROOT"],
  ],
});
