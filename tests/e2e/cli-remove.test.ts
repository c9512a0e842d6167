import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { fluxIn, jsonLines } from "#tests/support/flux.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const root = join(import.meta.dir, "../..");
const stack = new AsyncDisposableStack();
let home: string;
let url: string;
let sources: ReturnType<typeof serveFiles>;
let flux: ReturnType<typeof fluxIn>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
  const port = await freePort();
  stack.use(await startWorker({ port, home }));
  url = stack.use(await startControlplane([port])).url;
  flux = fluxIn(home);
});
afterAll(() => stack.disposeAsync());

async function anEndedJob(path: string) {
  const order = { input_url: sources.url("clip.mp4"), preset: "tiny", output: { path } };
  const { body } = await client(url).post(order, { prefer: "wait" });
  expect(body).toMatchObject({ status: "completed" });
  return String(body["job_id"]);
}
const outputs = async () => (await filesIn(join(home, "out"))).filter((file) => !file.startsWith(".flux"));

test("a program that removes a job has to say so, and is told what was removed and what stays", async () => {
  const first = await anEndedJob("films/a.mp4");
  const refused = await flux(["--server", url, "remove", first]).ended;
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.err).toContain("add --yes");
  expect(await outputs()).toEqual(["films/a.mp4"]);

  await Bun.write(join(home, "out/films/a.mp4"), "another job's");
  const { out, err, code } = await flux(["--server", url, "remove", first, "--yes"]).ended;
  expect({ out, code }).toEqual({ out: `removed ${first} with 0 objects of its output\n`, code: 0 });
  expect(err).toContain("films/a.mp4");
  expect(await outputs()).toEqual(["films/a.mp4"]);
  expect((await flux(["--server", url, "remove", first, "--yes"]).ended).code).toBe(1);

  const second = await anEndedJob("films/b.mp4");
  const json = await flux(["--server", url, "--json", "remove", second, "--yes"]).ended;
  expect(jsonLines(json.out)).toEqual([{ job_id: second, removed: 1, different: [], different_total: 0 }]);
  expect(await outputs()).toEqual(["films/a.mp4"]);
});

const script = toolPath("script");
test.skipIf(!script).each([
  ["n", 130, true],
  ["", 130, true],
  ["y", 0, false],
])("a person is asked first, and says %j", async (answer, code, isLeft) => {
  const path = `films/asked-${answer || "nothing"}.mp4`;
  const id = await anEndedJob(path);
  const command = [process.execPath, "--no-orphans", join(root, "cli/main.ts"), "--server", url, "remove", id];
  const child = Bun.spawn([script ?? "", "-qec", command.join(" "), "/dev/null"], {
    env: { PATH: process.env["PATH"] ?? "", TERM: "dumb" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const before = said;
    said += chunk;
    if (!before.includes("[y/N]") && said.includes("[y/N]")) child.stdin.write(`${answer}\n`);
  }
  expect(await child.exited).toBe(code);
  expect(said).toContain(`Remove ${id} with all that it has published?`);
  expect((await outputs()).includes(path)).toBe(isLeft);
});
