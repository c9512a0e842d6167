import { expect, test } from "bun:test";
import { cpuSecondsWithin, limiter } from "#worker/limits/process.ts";

const options = { maxFileBytes: 1_000 };
const encode = ["ffmpeg", "-i", "in"] as const;

test("limits come before the command; the CPU time is what all cores can give until the deadline", () => {
  const limit = limiter({ ...options, which: (program) => `/usr/bin/${program}` });
  expect(limit(encode, cpuSecondsWithin(10_000, 4)).join(" ")).toBe(
    "/usr/bin/nice -n 5 /usr/bin/prlimit --core=0 --nofile=1024 --fsize=1000 --cpu=41:46 /usr/bin/ffmpeg -i in",
  );
  expect(limit(encode, undefined).join(" ")).not.toContain("--cpu");
});

test("what the machine does not have is left out", () => {
  const onlyNice = limiter({ ...options, which: (program) => (program === "nice" ? "/bin/nice" : null) });
  expect(onlyNice(encode, 10)).toEqual(["/bin/nice", "-n", "5", ...encode]);
  expect(limiter({ ...options, which: () => null })(encode, 10)).toEqual(encode);
});
