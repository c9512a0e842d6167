import { describe, expect, test } from "bun:test";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { checkPrivate } from "#controlplane/uploads/check-private.ts";
import { listsParts } from "#controlplane/uploads/multipart-uploads.ts";
import { makeLog } from "#shared/log.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { serveBucket } from "#tests/support/bucket.ts";
import { rejection } from "#tests/support/outcome.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { filesIn, temporaryFolder } from "#tests/support/service.ts";
import { hasVersitygw, startVersitygw } from "#tests/support/versitygw.ts";

const log = makeLog("test", { level: "silent" });

test("a storage that serves uploads to everybody is refused, one that serves outputs alone is not, and nothing stays", async () => {
  await using folder = await temporaryFolder();
  const [root, served] = [join(folder.path, "out"), join(folder.path, "served")];
  for (const made of [join(root, "outputs"), served]) await mkdir(made, { recursive: true });
  await symlink(join(root, "outputs"), join(served, "outputs"));
  await using everything = serveBucket(root);
  await using outputs = serveBucket(served);
  const placeAt = (publicUrl: string) => ({ storage: localStorage({ root, publicUrl }), prefix: ".flux/uploads" });

  const refused = String(await rejection(checkPrivate(placeAt(everything.url), log)));
  expect(refused).toContain(`readable by everybody below ${everything.url}/.flux/uploads`);
  await checkPrivate(placeAt(outputs.url), log);
  expect(await filesIn(root)).toEqual([]);
});

describe("a store that does not tell where an upload stands is recognised", () => {
  const signal = AbortSignal.timeout(60_000);

  test("by one", async () => {
    await using server = await startS3Server();
    expect(await listsParts(server.options, ".flux/uploads", signal)).toBe(false);
    expect(await server.hasOpenUploads()).toBe(false);
  });

  test.skipIf(!hasVersitygw)("and versitygw is none", async () => {
    await using store = await startVersitygw();
    expect(await listsParts(store.options, ".flux/uploads", signal)).toBe(true);
    expect(await store.hasRemains()).toBe(false);
  });
});
