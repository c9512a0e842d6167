import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { bombs } from "#tests/hostile/bombs.ts";
import { watchMemory } from "#tests/hostile/memory.ts";
import { makeDir, signal, tiny } from "#tests/integration/ffmpeg/work.ts";
import { clip } from "#tests/support/clips.ts";
import { outcome, rejection } from "#tests/support/outcome.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { encode } from "#worker/ffmpeg/encode.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import type { Spawn } from "#worker/ffmpeg/run.ts";
import { plan } from "#worker/plan/decide.ts";
import { ways } from "./start.ts";

const MiB = 2 ** 20;
const dir = await makeDir();

/** Looks at the peak of the memory of what it starts. */
function measured(spawn: Spawn) {
  const peaks: (() => number)[] = [];
  return {
    peakBytes: () => Math.max(...peaks.map((peak) => peak())),
    spawn(command: Parameters<Spawn>[0]) {
      const running = spawn(command);
      const memory = watchMemory(running.pid);
      peaks.push(() => Math.max(memory.own(), memory.below()));
      void running.ended.finally(() => memory[Symbol.dispose]());
      return running;
    },
  };
}

/** A bomb as a file, made once for all ways. */
async function fileOf(name: string, make: (typeof bombs)[string]) {
  const path = join(dir, `${name.replaceAll(/\W/g, "-")}.mp4`);
  if (!(await Bun.file(path).exists())) await Bun.write(path, await make(join(dir, "elsewhere")));
  return path;
}

describe.each(ways)("%s", (_, spawn) => {
  const { "samples in another file": __, ...refused } = bombs;
  test.each(Object.entries(refused))("%s is refused as a source, within its limits", async (name, make) => {
    const { peakBytes, ...tools } = measured(spawn);
    const looking = probe(await fileOf(name, make), { signal, timeoutMs: 20_000, ...tools });
    expect(await rejection(looking)).toMatchObject({ kind: "source_failed" });
    expect(peakBytes()).toBeLessThan(256 * MiB);
  });

  test("a picture of 8K is no bomb", async () => {
    const input = await clip({ size: "7680x4320", rate: 1, seconds: 1, channels: 0 });
    const { peakBytes, ...tools } = measured(spawn);
    expect(await probe(input, { signal, ...tools })).toMatchObject({ video: { width: 7_680 } });
    expect(peakBytes()).toBeLessThan(256 * MiB);
  });

  test("timestamps that jump by hours end with the deadline, though ffmpeg does not listen", async () => {
    const input = await clip({ gapSeconds: 36_000, container: "mkv", channels: 0 });
    const { peakBytes, ...tools } = measured(spawn);
    const found = await probe(input, { signal, ...tools });
    const planned = plan(
      tiny,
      found,
      { input, outputDir: await makeDir(), stem: "film" },
      await probeCapabilities().capabilities,
    );
    const deadline = new AbortController();
    const reading: Spawn = (command) => tools.spawn({ ...command, reads: [input] });
    const ticks = encode(planned, { signal: deadline.signal, stallMs: 60_000, spawn: reading });
    await ticks.next();
    deadline.abort(new Error("out of time"));
    expect(await outcome(Array.fromAsync(ticks))).toThrow("out of time");
    expect(peakBytes()).toBeLessThan(256 * MiB);
  });
});
