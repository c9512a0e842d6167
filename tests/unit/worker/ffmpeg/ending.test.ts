import { expect, test } from "bun:test";
import { checkStarted, ensureDiskNotFull, howItEnded } from "#worker/ffmpeg/ending.ts";
import type { Ended } from "#worker/ffmpeg/run.ts";

const ended: Ended = {
  exitCode: 1,
  signalCode: null,
  ranOutOfMemory: false,
  ranOutOfCpuTime: false,
  cpuSeconds: 1,
  peakMemory: 1,
  lastLines: [],
};
const killed = { ...ended, exitCode: null, signalCode: "SIGKILL" };

test.each<[string, Ended]>([
  ["ended with exit code 1", ended],
  ["was killed by SIGSEGV", { ...killed, signalCode: "SIGSEGV" }],
  ["was killed by SIGKILL, most likely because the machine ran out of memory", killed],
  ["was killed because memory ran out", { ...killed, ranOutOfMemory: true }],
  [
    "was ended: it used more CPU time than the job's deadline allows",
    { ...ended, exitCode: 255, ranOutOfCpuTime: true },
  ],
  ["was ended: a file it wrote grew beyond MAX_OUTPUT_SIZE", { ...killed, signalCode: "SIGXFSZ" }],
  ["was ended: a file it wrote grew beyond MAX_OUTPUT_SIZE", { ...ended, lastLines: ["out.mp4: File too large"] }],
])("%s", (words, how) => {
  expect(howItEnded(how)).toBe(words);
});

test("a sandbox that fails is nobody's fault but the machine's", () => {
  const lastLines = ["bwrap: No permissions to create new namespace"];
  expect(() => checkStarted({ ...ended, lastLines })).toThrow("ffmpeg could not be started");
  expect(() => checkStarted({ ...ended, lastLines: ["in.mp4: Invalid data"] })).not.toThrow();
});

test("a disk that is full is the operator's matter, whatever the exit code", () => {
  const lastLines = ["Error writing trailer of output.mp4: No space left on device", "video:8kB audio:2kB"];
  expect(() => ensureDiskNotFull({ ...ended, exitCode: 0, lastLines })).toThrow("no room left for the output");
  expect(() => ensureDiskNotFull({ ...ended, lastLines: ["video:8kB audio:2kB"] })).not.toThrow();
});
