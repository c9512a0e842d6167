import { expect, test } from "bun:test";
import { read } from "#tests/support/deployments.ts";
import { packageManager } from "../../../package.json";

type Stage = { name: string; from: string; text: string };

/** The stages of the Dockerfile, each as one line an instruction, without comments. */
const stages: Stage[] = (await read("Dockerfile"))
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll(/\\\n\s*/g, " ")
  .split(/^FROM /m)
  .slice(1)
  .map((text) => {
    const [, from = "", name = ""] = /^(\S+) AS (\S+)\n/.exec(text) ?? [];
    return { name, from, text };
  });
const stage = (name: string) => stages.find((found) => found.name === name)?.text ?? "";
const instructions = (name: string, kind: string) =>
  stage(name)
    .split("\n")
    .filter((line) => line.startsWith(`${kind} `));

test("images are made from others of a version, and built by the Bun that package.json names", () => {
  const others = stages.map(({ from }) => from).filter((from) => !stages.some(({ name }) => name === from));
  expect(others.filter((from) => !/^[a-z/]+:\d+(\.\d+)*(-[a-z]+)?(@sha256:[0-9a-f]{64})?$/.test(from))).toEqual([]);
  const buns = others.filter((from) => from.startsWith("oven/bun:")).map((from) => from.split("-")[0]);
  expect(new Set(buns)).toEqual(new Set([`oven/${packageManager.replace("@", ":")}`]));
});

test("the worker's ffmpeg and ffprobe are those that the tests run on, by version and hash", async () => {
  const installed = stages.flatMap(({ text }) => text.match(/(apk add|apt-get install|pip install).*/g) ?? []);
  expect(installed.filter((packages) => /ff(mpeg|probe)/.test(packages))).toEqual([]);
  const copies = instructions("worker", "COPY").filter((copy) => !copy.endsWith(" /usr/local/bin/worker"));
  expect(copies).toEqual(["COPY --from=ffmpeg /opt/ffmpeg/ /usr/local/bin/"]);
  expect(instructions("ffmpeg", "COPY")).toEqual(["COPY scripts/setup-ffmpeg scripts/newer-ffmpeg.txt scripts/"]);
  expect(instructions("ffmpeg", "RUN").at(-1)).toMatch(/^RUN XDG_CACHE_HOME=\/opt scripts\/setup-ffmpeg && mv /);
  expect(await read("scripts/test-newer")).toContain("newer=$(scripts/setup-ffmpeg)");

  const setup = await read("scripts/setup-ffmpeg");
  const pip = setup.replaceAll(/\\\n\s*/g, "").match(/pip install.*/g) ?? [];
  expect(pip).toHaveLength(1);
  for (const option of ["--require-hashes", "--no-deps", "--only-binary :all:"]) expect(pip[0]).toContain(option);
  expect(setup).not.toMatch(/\b(curl|wget|git)\b/);
});

test("what is fetched for the worker has one version, and a hash for each architecture", async () => {
  const text = (await read("scripts/newer-ffmpeg.txt")).replaceAll(/^#.*\n/gm, "").replaceAll(/\\\n\s*/g, "");
  const wheels = text.trim().split("\n");
  expect(wheels).toHaveLength(2);
  for (const wheel of wheels) expect(wheel).toMatch(/^[a-z-]+==\d+(\.\d+)+( --hash=sha256:[0-9a-f]{64}){2}$/);
});

test("what stages copy from the repository is what Docker is given", async () => {
  const given = (await read(".dockerignore")).split("\n").flatMap((line) => /^!(.*)/.exec(line)?.[1] ?? []);
  const copied = stages.flatMap(({ name }) => instructions(name, "COPY"));
  const wanted = copied.flatMap((copy) => (copy.includes("--from=") ? [] : copy.split(" ").slice(1, -1)));
  expect(wanted.filter((path) => path !== "." && !given.includes(path))).toEqual([]);
});
