import { describe, expect, test } from "bun:test";
import { headersFor } from "#shared/storage/object-headers.ts";
import { storageContract } from "#tests/contract/storage.ts";
import { hasVersitygw, startVersitygw } from "#tests/support/versitygw.ts";

describe.skipIf(!hasVersitygw)("with versitygw, which scripts/test-servers builds where there is Go", () => {
  storageContract("s3 storage", () => startVersitygw());

  test("which knows If-None-Match", async () => {
    await using opened = await startVersitygw();
    expect(await opened.storage.decides?.("folder/", AbortSignal.timeout(120_000))).toBe(true);
  });

  test("with ETags that are no digests a file is delivered, read back once, and found", async () => {
    await using opened = await startVersitygw("--data-integrity-etag");
    const signal = AbortSignal.timeout(120_000);
    for (const name of ["a.json", "b.json"]) {
      await opened.storage.write(name, name, headersFor(name), signal);
      expect(String(await opened.bytes(name))).toBe(name);
    }
  });
});
