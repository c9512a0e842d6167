import { type Client, hasScope } from "#controlplane/auth/client.ts";
import { checkAll, invalidField } from "#shared/fault.ts";
import { paramEntries, ruleProblem } from "#shared/job/allowed-params.ts";
import { type Params, paramNames } from "#shared/job/params.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { paramsFromMessage, paramsToMessage } from "#shared/rpc/params-message.ts";

type Granted = Pick<JobRequestInit, "params">;

/**
 * The parameters of a client's order, with those that its tenant may set whatever the preset says. What the tenant may set
 * only where the preset allows it the worker decides, which has the preset. Throws for values beyond the tenant's bounds.
 */
export function grantedParams(params: Params | undefined, { tenant }: Pick<Client, "tenant">): Granted {
  const entries = paramEntries(params ?? {});
  if (!params || entries.length === 0) return {};
  const { allow = {} } = tenant;
  checkAll(
    ...entries.map(([name, value]) => () => {
      const problem = ruleProblem(name, value, allow[name] ?? true);
      if (problem !== undefined) throw invalidField(`params.${name}`, problem);
    }),
  );
  const granted = entries.flatMap(([name]) => (allow[name] === undefined ? [] : [name]));
  return { params: { ...paramsToMessage(params), granted } };
}

/** The same of an ended job's order that a client repeats; an admin repeats what others could set. */
export function regrantedParams({ params }: Granted, client: Pick<Client, "tenant" | "scopes">): Granted {
  const asked = paramsFromMessage(params);
  if (!asked) return {};
  if (hasScope(client, "admin")) return { params: { ...params, granted: [...paramNames] } };
  return grantedParams(asked, client);
}
