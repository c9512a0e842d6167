import { expect, test } from "bun:test";
import type { Client } from "#controlplane/auth/client.ts";
import { parseTenants } from "#controlplane/auth/tenants.ts";
import { grantedParams, regrantedParams } from "#controlplane/orders/granted-params.ts";
import { faultIn } from "#shared/fault.ts";
import { paramNames } from "#shared/job/params.ts";

const { named } = parseTenants("acme: { allow: { crf: { min: 20 }, size: [480, 720] } }\nbeta:\n");
const client = (tenant: string, scopes: Client["scopes"] = ["jobs:write"]) => ({ tenant: named(tenant), scopes });

test("a tenant's own rules are the control plane's; the rest is left to the preset", () => {
  expect(grantedParams({ crf: 22, speed: "fast" }, client("acme"))).toEqual({
    params: { crf: 22, speed: "fast", granted: ["crf"] },
  });
  expect(grantedParams({ crf: 22 }, client("beta"))).toEqual({ params: { crf: 22, granted: [] } });
  expect(grantedParams(undefined, client("acme"))).toEqual({});
  const fault = faultIn(() => grantedParams({ crf: 18, size: 1_080 }, client("acme")));
  expect(fault?.fields).toEqual([
    { field: "params.crf", message: "must be at least 20" },
    { field: "params.size", message: "must be one of 480, 720" },
  ]);
});

test("a repeat is held against what the tenant may set now, and an admin repeats what others could", () => {
  const params = { crf: 18 };
  expect(faultIn(() => regrantedParams({ params }, client("acme")))?.fields[0]?.field).toBe("params.crf");
  expect(regrantedParams({ params }, client("beta", ["admin"]))).toEqual({
    params: { ...params, granted: [...paramNames] },
  });
  expect(regrantedParams({}, client("acme"))).toEqual({});
});
