import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { outcome, rejection } from "#tests/support/outcome.ts";
import { analyse, encode } from "#worker/ffmpeg/encode.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { encodeAll, makeDir, planFor, signal } from "./work.ts";

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A stand-in for ffmpeg that runs a script. */
const script = (text: string) => ["sh", "-c", text] as const;
const endless = "while :; do sleep 0.05; done";
const tick = "echo frame=1; echo progress=continue;";
const nothing = async () => ({ args: [], outputDir: await makeDir() });

test("tells how far it is, to the last frame", async () => {
  const planned = await planFor(await clip({ seconds: 2 }));
  const ticks = await encodeAll(planned);
  expect(ticks.at(-1)).toMatchObject({ frame: planned.totalFrames });
  expect(ticks.at(-1)?.seconds).toBeCloseTo(2, 1);
});

test("keeps all that ffmpeg said", async () => {
  const planned = await planFor(await clip());
  const logFile = join(await makeDir(), "log");
  await Array.fromAsync(encode(planned, { signal, stallMs: 60_000, logFile }));
  expect(await Bun.file(logFile).text()).toMatch(/Input stream #0:0 \(video\): 24 packets read .*; 24 frames decoded/);
});

test("a source that is cut off is refused before it is encoded", async () => {
  expect(await rejection(planFor(await clip({ seconds: 4, cut: 0.5 })))).toMatchObject({
    kind: "source_failed",
    message: "the source is cut off: it ends after 2.0 s of 4.0 s, in the middle of a packet",
  });
});

test("a failure carries ffmpeg's last words, without where they were said", async () => {
  const planned = await planFor(await clip());
  const args = planned.args.map((arg) => (arg === "libx264" ? "no_such_encoder" : arg));
  const failure = encodeAll({ ...planned, args });
  expect(await rejection(failure)).toMatchObject({
    kind: "encode_failed",
    message: expect.stringMatching(/^ffmpeg ended with exit code \d+:\n.*no_such_encoder/s),
  });
  expect(await outcome(failure)).not.toThrow(planned.outputDir);
});

test("a kill from outside is named as such", async () => {
  const ticks = encode(await nothing(), { signal, stallMs: 60_000, ffmpeg: script("kill -9 $$") });
  expect(await outcome(ticks.next())).toThrow("ffmpeg was killed by SIGKILL, most likely because");
});

test("an abort ends ffmpeg and throws its reason", async () => {
  const input = await clip({ seconds: 120, size: "320x180" });
  const controller = new AbortController();
  const ticks = encode(await planFor(input), { signal: controller.signal, stallMs: 60_000 });
  await ticks.next();
  controller.abort(new Error("no longer wanted"));
  expect(await outcome(Array.fromAsync(ticks))).toThrow("no longer wanted");
});

test("an abort gives a process no time to finish anything, even one that would not end by SIGTERM", async () => {
  const controller = new AbortController();
  const planned = await nothing();
  const ticks = encode(planned, {
    signal: controller.signal,
    stallMs: 60_000,
    ffmpeg: script(`trap 'echo finishing > finished' TERM; echo frame=$$; echo progress=continue; ${endless}`),
  });
  const first = await ticks.next();
  const pid = first.done ? 0 : first.value.frame;
  controller.abort(new Error("no longer wanted"));
  expect(await outcome(ticks.next())).toThrow("no longer wanted");
  expect(pid).toBeGreaterThan(0);
  expect(isAlive(pid)).toBe(false);
  expect(await Bun.file(join(planned.outputDir, "finished")).exists()).toBe(false);
});

test("a reader that leaves takes the process with it", async () => {
  let pid = 0;
  const ffmpeg = script(`echo frame=$$; echo progress=continue; ${endless}`);
  for await (const { frame } of encode(await nothing(), { signal, stallMs: 60_000, ffmpeg })) {
    pid = frame;
    break;
  }
  expect(pid).toBeGreaterThan(0);
  expect(isAlive(pid)).toBe(false);
});

test("an encode that gets no further is ended", async () => {
  const ffmpeg = script(`while :; do ${tick} sleep 0.02; done`);
  const ticks = encode(await nothing(), { signal, stallMs: 200, ffmpeg });
  expect(await rejection(Array.fromAsync(ticks))).toMatchObject({
    kind: "encode_failed",
    message: "no progress for 0.2 s",
  });
});

const measured = async (): Promise<Plan> => {
  const unfinished = await planFor(await clip());
  const second = (said: readonly string[]) => ({ ...unfinished, entry: said.join("\n") });
  const planWith = (first: readonly string[]): Plan => ({
    ...unfinished,
    analysis: { args: [], planWith: (said) => second([...first, ...said]) },
  });
  return { ...unfinished, analysis: { args: [], planWith } };
};

test("what passes say that only measure completes the plan", async () => {
  const ffmpeg = script("echo one >&2; echo two >&2; echo progress=end");
  const passes: number[] = [];
  const analysed = await analyse(await measured(), { signal, stallMs: 60_000, ffmpeg }, (_, pass) => passes.push(pass));
  expect(analysed.entry).toBe("one\ntwo\none\ntwo");
  expect(passes).toEqual([1, 2]);
});

test("a pass that only measures and gets no further is ended", async () => {
  const ffmpeg = script(`while :; do ${tick} sleep 0.02; done`);
  const analysing = analyse(await measured(), { signal, stallMs: 200, ffmpeg });
  expect(await outcome(analysing)).toThrow("no progress for 0.2 s");
});

test("the process sees nothing of our environment", async () => {
  const planned = await nothing();
  await Array.fromAsync(encode(planned, { signal, stallMs: 60_000, ffmpeg: script("env > seen") }));
  const names = (await Bun.file(join(planned.outputDir, "seen")).text())
    .trim()
    .split("\n")
    .map((line) => line.split("=")[0]);
  expect(names.filter((name) => !["LANG", "PWD", "OLDPWD", "SHLVL", "_", "PATH"].includes(name ?? ""))).toEqual([]);
});
