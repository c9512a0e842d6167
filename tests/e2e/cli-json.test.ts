import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { makeProgram } from "#cli/program.ts";
import { clip } from "#tests/support/clips.ts";
import { fluxIn, jsonLines } from "#tests/support/flux.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
const webhook = ["--secret", `whsec_${btoa("a".repeat(24))}`, "--id", "i", "--timestamp", "1", "--signature", "v1,x"];
let home: string;
let url: string;
let short: string;
let sources: ReturnType<typeof serveFiles>;
let flux: ReturnType<typeof fluxIn>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  flux = fluxIn(home);
  const [clipped, long] = await Promise.all([clip({ seconds: 1 }), clip({ seconds: 20 })]);
  short = clipped;
  const preset = { name: "quick", description: "d", extension: "mp4", ffmpeg_args: ["-c:v", "mpeg4"] };
  await Bun.write(join(home, "tiny.yaml"), JSON.stringify(preset));
  sources = stack.use(serveFiles({ "clip.mp4": short, "slow.mp4": long }));
  const port = await freePort();
  stack.use(await startWorker({ port, home, MAX_CONCURRENT_JOBS: "2" }));
  const records = { RECORD_STORAGE: "local", LOCAL_ROOT: join(home, "out") };
  url = stack.use(await startControlplane([port], { ...records, QUEUE_URL: `sqlite:${home}/queue.sqlite` })).url;
});
afterAll(() => stack.disposeAsync());

const order = async (name: string, preset = "tiny") => {
  const { body } = await client(url).post({ input_url: sources.url(name), preset });
  return String(body["job_id"]);
};
/** A job that waits behind others that go on for a while. */
const waiting = async () => {
  for (const _ of [1, 2])
    await client(url).until(await order("slow.mp4", "slow"), ({ status }) => status === "processing");
  return order("clip.mp4");
};
const ended = async (name: string) => {
  const id = await order(name);
  await client(url).events(id);
  return id;
};

type Line = Record<string, unknown>;
type Row = { args(): Promise<string[]> | string[]; code?: number; shows(lines: Line[]): void };

const hasState = (lines: Line[]) => {
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toEqual(expect.objectContaining({ state: expect.any(String) }));
};
const completes = (lines: Line[]) => expect(lines.at(-1)).toMatchObject({ status: "completed" });

// By the words of the command; the test below holds that none is missing.
const rows: Readonly<Record<string, Row>> = {
  encode: { args: () => [sources.url("clip.mp4"), "-p", "tiny", "--overwrite"], shows: completes },
  probe: {
    args: () => [sources.url("clip.mp4"), "-p", "tiny"],
    shows: (lines) => expect(lines).toMatchObject([{ source: { container: "mp4" }, presets: [{ preset: "tiny" }] }]),
  },
  demo: { args: () => [short], shows: completes },
  presets: {
    args: () => [],
    shows: ([list]) => expect(list).toContainEqual(expect.objectContaining({ name: "tiny" })),
  },
  "presets check": { args: () => ["tiny.yaml"], shows: hasState },
  doctor: { args: () => [], shows: hasState },
  jobs: { args: () => ["--limit", "3"], shows: ([page]) => expect(page).toHaveProperty("jobs") },
  job: { args: async () => [await ended("clip.mp4")], shows: completes },
  watch: { args: async () => [await order("clip.mp4")], shows: completes },
  retry: { args: async () => [await ended("clip.mp4")], shows: completes },
  remove: {
    args: async () => [await ended("clip.mp4"), "--yes"],
    shows: (lines) => expect(lines).toEqual([expect.objectContaining({ removed: 1, different_total: 0 })]),
  },
  cancel: {
    args: async () => [await order("slow.mp4", "slow")],
    shows: ([line]) => expect(line).toHaveProperty("job_id"),
  },
  queue: { args: () => [], shows: ([line]) => expect(line).toMatchObject({ by_tenant: expect.any(Array) }) },
  priority: {
    args: async () => [await waiting(), "high"],
    shows: ([line]) => expect(line).toMatchObject({ status: "queued", position: 1 }),
  },
  workers: { args: () => [], shows: ([list]) => expect(list).toMatchObject([{ reachable: true }]) },
  verify: { args: () => [".", "--key", "none.pem"], code: 2, shows: (lines) => expect(lines).toEqual([]) },
  "webhooks secret": { args: () => [], shows: ([line]) => expect(line).toHaveProperty("secret") },
  "webhooks retry": { args: () => [], shows: (lines) => expect(lines).toEqual([]) },
  "webhooks verify": { args: () => webhook, code: 2, shows: (lines) => expect(lines).toEqual([]) },
  "storage check": { args: () => [], shows: hasState },
  "keys create": {
    args: () => ["--name", "ci", "--tenant", "acme"],
    shows: ([line]) => expect(line).toMatchObject({ entry: { name: "ci", tenant: "acme" } }),
  },
  completion: { args: () => ["bash"], shows: ([line]) => expect(line).toMatchObject({ shell: "bash" }) },
};

test("every command is tried with --json", () => {
  const { commands } = makeProgram({ env: {}, isJson: true, fail() {}, readerLeft: new AbortController().signal });
  const groups = ["webhooks", "storage", "keys"];
  const names = commands.flatMap((group) => [
    group.name(),
    ...group.commands.map((command) => `${group.name()} ${command.name()}`),
  ]);
  const commandNames = names.filter((name) => !groups.includes(name) && !name.startsWith("__"));
  expect(commandNames.sort()).toEqual(Object.keys(rows).sort());
});

test.each(Object.entries(rows))("%s --json prints JSON and nothing else", async (name, { args, code = 0, shows }) => {
  const words = [...name.split(" "), ...(await args()), "--json"];
  const here = name === "demo" || name === "presets check";
  const said = await flux(words, here ? { PRESETS_DIR: "" } : { FLUX_SERVER: url }).ended;
  expect({ code: said.code, err: said.err && jsonLines(said.err) }).toEqual({
    code,
    err: code === 0 ? "" : [expect.objectContaining({ kind: "invalid", message: expect.any(String) })],
  });
  shows(jsonLines(said.out));
});

const failures: [what: string, words: string[], env: Record<string, string>, code: number, kind: string][] = [
  ["an unknown command", ["encod"], {}, 2, "invalid"],
  ["a missing argument", ["watch"], {}, 2, "invalid"],
  ["a choice that is none", ["jobs", "--status", "lost"], {}, 2, "invalid"],
  ["a missing file", ["encode", "none.mp4"], {}, 2, "invalid"],
  ["an unknown job", ["job", "none"], {}, 1, "not_found"],
  ["a service that is away", ["jobs"], { FLUX_SERVER: "http://127.0.0.1:9" }, 69, "unreachable"],
  ["a wrong setting", ["storage", "check"], { STORAGE_TYPE: "tape" }, 78, "invalid"],
];
test.each(failures)(
  "%s is an object on stderr with its kind, and the exit code that docs/cli.md names",
  async (_, words, env, code, kind) => {
    const said = await flux([...words, "--json"], { FLUX_SERVER: words[0] === "encode" ? "" : url, ...env }).ended;
    expect({ out: said.out, code: said.code }).toEqual({ out: "", code });
    expect(jsonLines(said.err)).toEqual([expect.objectContaining({ kind, message: expect.stringMatching(/./) })]);
  },
);

test("a job that was cancelled ends its watcher with 130, and what failed with 1", async () => {
  const id = await order("slow.mp4", "slow");
  const watcher = flux(["watch", id, "--json"], { FLUX_SERVER: url });
  await eventually(async () => (await client(url).job(id)).body["status"] === "processing", "the job runs");
  await client(url).cancel(id);
  const { code, out, err } = await watcher.ended;
  expect({ code, last: jsonLines(out).at(-1) }).toMatchObject({ code: 130, last: { status: "cancelled" } });
  expect(jsonLines(err)).toMatchObject([{ kind: "cancelled" }]);
  const missing = await flux(["encode", sources.url("none.mp4"), "-p", "tiny", "--json"], { FLUX_SERVER: url }).ended;
  expect(missing.code).toBe(1);
  expect(jsonLines(missing.err)).toMatchObject([{ kind: "source_failed" }]);
});
