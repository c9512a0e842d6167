import { expect, test } from "bun:test";
import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { filesIn, temporaryFolder } from "#tests/support/service.ts";

const root = join(import.meta.dir, "../..");

test("every block of the README that is marked to be run does in a fresh copy", async () => {
  await using folder = await temporaryFolder();
  await copyOfTheTree(folder.path);
  await cp(await clip({ seconds: 1, container: "mov" }), join(folder.path, "holiday.mov"));

  const readme = await Bun.file(join(root, "README.md")).text();
  const blocks = [...readme.matchAll(/^```sh run\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  expect(blocks.length).toBeGreaterThan(2);
  for (const block of blocks) {
    const shell = Bun.spawn(["bash", "-euo", "pipefail", "-c", block], {
      cwd: folder.path,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [exitCode, out, err] = await Promise.all([shell.exited, shell.stdout.text(), shell.stderr.text()]);
    expect({ block, exitCode, said: exitCode === 0 ? "" : out + err }).toEqual({ block, exitCode: 0, said: "" });
  }

  expect(await filesIn(join(folder.path, "out"))).toContain("holiday_720p_h264.mp4");
  expect(await filesIn(join(folder.path, "dist"))).toEqual(expect.arrayContaining(["controlplane", "flux", "worker"]));
});

/** What a clone would hold, with what is not yet committed. */
async function copyOfTheTree(to: string) {
  const listed = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root });
  for (const file of listed.stdout.toString().split("\0").filter(Boolean)) {
    if (!(await Bun.file(join(root, file)).exists())) continue;
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(root, file), join(to, file));
  }
}
