import * as v from "valibot";
import { type Context, printFindings } from "#cli/context.ts";
import { tryStorage } from "#cli/storage-check/try-storage.ts";
import { parseEnv } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import type { StorageName } from "#shared/storage/kinds.ts";
import { checkStorage, storageConfig, storageSettings } from "#shared/storage/settings.ts";

/** Tries a storage as a worker with these settings would use it, and says in words what is wrong. */
export async function checkStorages(
  context: Context,
  { storage: asked, origin }: { storage?: StorageName; origin: string },
) {
  const config = storageConfig(parseEnv(v.pipe(v.object(storageSettings), checkStorage()), context.env));
  const name = asked ?? config.default;
  if (!(await printFindings(context, tryStorage(config, name, origin)))) {
    throw new Fault("delivery_failed", `the storage ${name} is not ready`);
  }
}
