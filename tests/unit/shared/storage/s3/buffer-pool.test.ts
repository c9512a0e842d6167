import { expect, test } from "bun:test";
import { makeBufferPool } from "#shared/storage/s3/buffer-pool.ts";

import { outcome } from "#tests/support/outcome.ts";

test("lends no more buffers at a time than it may, and lends them again", async () => {
  const buffers = makeBufferPool(2);
  const seen = new Set<Buffer>();
  let lent = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      buffers(1_024, async (buffer) => {
        seen.add(buffer);
        lent += 1;
        most = Math.max(most, lent);
        await Promise.resolve();
        lent -= 1;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(seen.size).toBe(2);
});

test("takes a buffer back from work that fails, and lends one that is large enough", async () => {
  const buffers = makeBufferPool(1);
  expect(await outcome(buffers(10, () => Promise.reject(new Error("failed"))))).toThrow("failed");
  const sizes = await Promise.all([10, 1_000, 20].map((bytes) => buffers(bytes, async (buffer) => buffer.length)));
  expect(sizes).toEqual([10, 1_000, 1_000]);
});
