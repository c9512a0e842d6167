import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSigningKey } from "#shared/certificate/keys.ts";
import { fluxIn } from "#tests/support/flux.ts";
import { anOrder } from "#tests/support/orders.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { opensslVerifies, signingKeyIn } from "#tests/support/signing-key.ts";
import { makeCertificates } from "#worker/certificate/certificates.ts";

const made = { internalParameters: {}, resolvedDependencies: [], versions: {}, startedOn: "2026-01-01T00:00:00.000Z" };

test("400 segments are signed in one line that openssl and flux verify, each with its own content", async () => {
  await using folder = await temporaryFolder();
  const { privateFile, publicFile } = await signingKeyIn(folder.path);
  const key = readSigningKey(await readFile(privateFile, "utf8"));
  if (typeof key === "string") throw new Error(key);
  const order = anOrder({ output: { path: "films/a/", type: "hls" } });
  const names = ["master.m3u8", ...Array.from({ length: 400 }, (_, n) => `0-1/segment_${n}.m4s`)];
  const objects = await Promise.all(
    names.map(async (name) => {
      await Bun.write(join(folder.path, "a", name), name);
      const sha256 = createHash("sha256").update(name).digest("hex");
      return { key: `films/a/${name}`, bytes: name.length, sha256 };
    }),
  );
  const line = makeCertificates({ key, worker: "w", now: Date.now }).sign(order, made, objects, {});
  expect(line.length).toBeLessThan(100_000);
  expect(await opensslVerifies(folder.path, line, publicFile)).toBe(true);
  const position = line.indexOf('"payload":"') + 5_000;
  const changed = line.slice(0, position) + (line[position] === "A" ? "B" : "A") + line.slice(position + 1);
  expect(await opensslVerifies(folder.path, changed, publicFile)).toBe(false);

  await Bun.write(join(folder.path, `a/${order.jobId}.intoto.jsonl`), line);
  const flux = fluxIn(folder.path);
  const verified = await flux(["verify", "a", "--key", publicFile]).ended;
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining("401 files are") });
  await Bun.write(join(folder.path, "a/0-1/segment_399.m4s"), "0-1/segment_39x.m4s");
  const differing = await flux(["verify", "a", "--key", publicFile]).ended;
  expect(differing).toMatchObject({ code: 1, out: expect.stringMatching(/^changed: +0-1\/segment_399\.m4s/) });
});
