import { expect, test } from "bun:test";
import { Fault } from "#shared/fault.ts";
import { toFtpFault } from "#shared/storage/ftp/faults.ts";
import { toLocalFault } from "#shared/storage/local/faults.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { toS3Fault } from "#shared/storage/s3/faults.ts";
import { anOrder } from "#tests/support/orders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { tryDestination } from "#worker/delivery/try-destination.ts";

const order = anOrder({ output: { path: "films/a.mp4" } });
const always = new AbortController().signal;

const system = (code: string, words: string) =>
  toLocalFault(Object.assign(new Error(`${code}: ${words}, open '/srv/secret/films'`), { code }));
const named = (name: string) => toS3Fault(Object.assign(new Error("no"), { name }));
const replied = (code: number) => toFtpFault(Object.assign(new Error(`${code} no`), { code }));

const trying = (fault: Fault, signal = always) => {
  const storage = { ...localStorage({ root: "/nowhere" }), tryWrite: () => Promise.reject(fault) };
  return tryDestination(order, storage, signal);
};

test.each([
  [
    "EACCES",
    system("EACCES", "permission denied"),
    "the storage may not be written to: films/a.mp4 (EACCES: permission denied)",
  ],
  ["EROFS", system("EROFS", "read-only file system"), "(EROFS: read-only file system)"],
  ["AccessDenied", named("AccessDenied"), "the storage does not allow this: films/a.mp4 (AccessDenied)"],
  ["553", replied(553), "films/a.mp4 (553)"],
])("a refusal that lasts ends the job, with path and reason: %s", async (_, fault, words) => {
  const failure = await trying(fault).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Fault);
  expect(failure).toMatchObject({ kind: "delivery_failed", message: expect.stringContaining(words) });
  expect(String(failure)).not.toContain("secret");
});

test.each(
  [
    system("ENOSPC", "no space left on device"),
    system("EIO", "i/o error"),
    named("NoSuchBucket"),
    named("SlowDown"),
    replied(421),
    new Fault("delivery_failed", "the storage cannot be reached"),
  ].map((fault) => ({ fault, message: fault.message })),
)("what may pass while the job encodes is left to the delivery: $message", async ({ fault }) => {
  expect(await trying(fault)).toBeUndefined();
});

test("a cancel ends the trial of a storage that hangs", async () => {
  const cancel = new AbortController();
  const storage = { ...localStorage({ root: "/nowhere" }), tryWrite: () => new Promise<void>(() => {}) };
  const tried = tryDestination(order, storage, cancel.signal);
  cancel.abort(new Fault("cancelled", "the job was cancelled"));
  expect(await rejection(tried)).toMatchObject({ kind: "cancelled" });
});
