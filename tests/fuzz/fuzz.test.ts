import { afterAll, beforeAll, expect, test } from "bun:test";
import { slowness } from "#tests/support/slowness.ts";
import { fuzzGrpc } from "./grpc.ts";
import { fuzzRest } from "./rest.ts";
import { type Rig, startRig } from "./rig.ts";

const { CI } = process.env;
const seed = 20_261_123;
// Of each kind: it takes a while.
const cases = CI === "true" ? 5_000 : 1_000;
let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

test("no request to any route ends in an internal fault, a crash or a hang", async () => {
  expect(await fuzzRest(rig, seed, cases)).toEqual([]);
  expect(rig.errors).toEqual([]);
});

test("no call of any method does either", async () => {
  expect(await fuzzGrpc(rig, seed, cases)).toEqual([]);
  expect(rig.errors).toEqual([]);
});

test("afterwards the service answers at once", async () => {
  expect((await fetch(`${rig.url}/healthz`, { signal: AbortSignal.timeout(1_000 * slowness()) })).status).toBe(200);
});
