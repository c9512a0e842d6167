import { expect, test } from "bun:test";
import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { read } from "#tests/support/deployments.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const root = join(import.meta.dir, "../..");

test.skipIf(!toolPath("systemd-analyze"))("systemd finds nothing wrong with the units", async () => {
  await using folder = await temporaryFolder();
  for (const [file, unit] of [
    ["flux-controlplane.service", "flux-controlplane.service"],
    ["flux-worker@.service", "flux-worker@50051.service"],
  ] as const) {
    const text = await read(`deploy/systemd/${file}`);
    // It looks whether the program is there.
    await Bun.write(join(folder.path, unit), text.replace(/^ExecStart=.*$/m, `ExecStart=${process.execPath}`));
  }
  const units = (await readdir(folder.path)).map((unit) => join(folder.path, unit));
  const { exitCode, stderr } = Bun.spawnSync(["systemd-analyze", "verify", "--man=no", ...units]);
  const ours = stderr
    .toString()
    .split("\n")
    .filter((line) => line.includes("flux-"));
  expect({ exitCode, ours }).toEqual({ exitCode: 0, ours: [] });
});

test("what .dockerignore lets through is enough to build both parts", async () => {
  await using folder = await temporaryFolder();
  const patterns = [...(await read(".dockerignore")).matchAll(/^!(.+)$/gm)].map(([, pattern = ""]) => pattern);
  for (const pattern of patterns)
    for (const path of new Bun.Glob(pattern).scanSync({ cwd: root, onlyFiles: false })) {
      await mkdir(join(folder.path, path, ".."), { recursive: true });
      await cp(join(root, path), join(folder.path, path), { recursive: true });
    }
  await symlink(join(root, "node_modules"), join(folder.path, "node_modules"));

  const build = Bun.spawn([process.execPath, "scripts/build.ts", "controlplane", "worker"], {
    cwd: folder.path,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [exitCode, said] = await Promise.all([build.exited, build.stderr.text()]);
  expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
  expect(await readdir(join(folder.path, "dist"))).toEqual(expect.arrayContaining(["controlplane", "worker"]));
});
