import { describe, expect, test } from "bun:test";
import { getPriority } from "node:os";
import { makeDir, signal } from "#tests/integration/ffmpeg/work.ts";
import { rejection } from "#tests/support/outcome.ts";
import { encode } from "#worker/ffmpeg/encode.ts";
import { openSandbox } from "#worker/sandbox/open-sandbox.ts";
import { hasLimits, isConfined } from "./start.ts";

const kinds = isConfined ? (["none", "bwrap"] as const) : (["none"] as const);

describe.skipIf(!hasLimits).each(kinds)("with SANDBOX=%s", (sandbox) => {
  const opened = openSandbox({ sandbox, maxFileBytes: 100_000, cores: 1 });
  const run = async (args: readonly string[], longestMs: number | undefined) => {
    const { spawn } = await opened;
    const plan = {
      args: ["-v", "warning", "-f", "lavfi", "-i", "testsrc2=size=320x180", ...args],
      outputDir: await makeDir(),
    };
    return Array.fromAsync(
      encode(plan, { signal, stallMs: 60_000, spawn: (command) => spawn({ longestMs, ...command }) }),
    );
  };

  test("an encode that takes more CPU time than its deadline allows is ended, and says so", async () => {
    expect(await rejection(run(["-c:v", "libx264", "-f", "null", "-"], 1))).toMatchObject({
      kind: "encode_failed",
      message: expect.stringContaining("ffmpeg was ended: it used more CPU time than the job's deadline allows"),
    });
  });

  test("an output without end is ended at its limit, and says so", async () => {
    expect(await rejection(run(["-c:v", "rawvideo", "out.nut"], undefined))).toMatchObject({
      kind: "encode_failed",
      message: expect.stringContaining("ffmpeg was ended: a file it wrote grew beyond MAX_OUTPUT_SIZE"),
    });
  });

  test("there is no core dump, no more than a few files at a time, and others come first", async () => {
    const { spawn } = await opened;
    await using process = spawn({ argv: ["sh", "-c", "ulimit -c; ulimit -n; nice"], signal });
    expect(await new Response(process.stdout).text()).toBe(`0\n1024\n${Math.min(19, getPriority() + 5)}\n`);
  });
});
