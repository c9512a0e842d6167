import { expect, test } from "bun:test";
import { operator } from "#controlplane/auth/client.ts";
import { makeConcurrencyLimit } from "#controlplane/http/concurrency-limit.ts";

test("what a client has going on is counted until it ends, once", () => {
  const take = makeConcurrencyLimit("jobs");
  const limits = { rate: undefined, jobs: 2, streams: undefined };
  const client = { name: "a", tenant: operator, scopes: [], limits, isStillKnown: () => true };
  const first = take(client);
  take(client);
  expect(() => take(client)).toThrow("you have 2 jobs already");
  expect(() => take({ ...client, name: "b" })).not.toThrow();
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  take(client);
  expect(() => take(client)).toThrow();
});
