import * as v from "valibot";
import { Fault } from "#shared/fault.ts";
import { AllowedParams } from "#shared/job/allowed-params.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { checkProblem } from "#shared/schemas.ts";
import { keyProblem } from "#shared/storage/key.ts";
import { storageNames } from "#shared/storage/kinds.ts";
import type { Tenant } from "./client.ts";
import { atLeastOne, parseFile } from "./parse-file.ts";

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const tenantName = v.pipe(
  v.string(),
  v.regex(namePattern, "use 1 to 64 letters, digits and . _ -, a letter or digit first"),
);

/** The tenants of this service. */
export type Tenants = ReturnType<typeof parseTenants>;

// The default paths of the operator's orders.
const operators = "outputs/";

/** Whether a tenant with this prefix could overwrite them, even on a storage that ignores case. */
const isOperators = (prefix: string) => prefix.toLowerCase() === operators;

/** The lookup without TENANTS_FILE: every tenant may use the folder of its name. */
export const anyTenant: Tenants = { all: [], named: tenantOfItsName };

function tenantOfItsName(name: string): Tenant {
  const pathPrefix = `${name}/`;
  if (isOperators(pathPrefix))
    throw new Fault(
      "forbidden",
      "your tenant is called as the operator's own folder; it needs a path_prefix of its own",
    );
  return { name, pathPrefix };
}

const prefix = v.pipe(
  v.string(),
  v.normalize("NFC"),
  v.transform((path) => path.replace(/\/?$/, "/")),
  checkProblem((path) => keyProblem(path.slice(0, -1))),
);

const TenantsFile = v.pipe(
  v.nullable(
    v.record(
      tenantName,
      v.nullish(
        v.strictObject({
          path_prefix: v.exactOptional(prefix),
          storages: v.exactOptional(v.array(v.picklist(storageNames))),
          weight: v.exactOptional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(100))),
          max_running: v.exactOptional(atLeastOne),
          max_waiting: v.exactOptional(atLeastOne),
          allow: v.exactOptional(AllowedParams),
        }),
      ),
      "write an object of tenants",
    ),
    {},
  ),
  v.transform((entries) =>
    Object.entries(entries).map(([name, entry]): Tenant => {
      const { path_prefix = `${name}/`, storages, weight, max_running, max_waiting, allow } = entry ?? {};
      return {
        ...{ name, pathPrefix: path_prefix, storages },
        ...omitEmpty({ weight, maxRunning: max_running, maxWaiting: max_waiting, allow }),
      };
    }),
  ),
  v.check(
    (tenants) => !tenants.some(({ pathPrefix }) => isOperators(pathPrefix)),
    "a tenant's path_prefix is outputs, where the operator's own outputs lie: give it another",
  ),
  v.check(
    (tenants) =>
      tenants.every((one) => tenants.every((other) => one === other || !one.pathPrefix.startsWith(other.pathPrefix))),
    "one tenant's path_prefix lies below another's",
  ),
);

/** Parses TENANTS_FILE, which is YAML or JSON. A tenant that is not in it may not use the service. */
export function parseTenants(text: string) {
  const all = parseFile("TENANTS_FILE", TenantsFile, text);
  const tenants = new Map(all.map((tenant) => [tenant.name, tenant]));
  return {
    /** Those that TENANTS_FILE names. */
    all,
    /** Looks up a tenant by name; throws `forbidden` for one that may not use this service. */
    named(name: string) {
      const tenant = tenants.get(name);
      if (!tenant) throw new Fault("forbidden", "your tenant may not use this service");
      return tenant;
    },
  };
}
