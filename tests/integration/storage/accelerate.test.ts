import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { certificateFor } from "#tests/support/certificates.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const bwrap = toolPath("bwrap");
const program = join(import.meta.dir, "../../support/accelerated.ts");
const accelerated = "media.s3-accelerate.amazonaws.com";

test.skipIf(!bwrap)("with Transfer Acceleration every request goes to the bucket's accelerated host", async () => {
  await using folder = await temporaryFolder();
  const { ca, tls } = await certificateFor(accelerated);
  const at = (name: string) => join(folder.path, name);
  await writeFile(at("hosts"), `127.0.0.1 localhost ${accelerated} media.s3.us-east-1.amazonaws.com\n`);
  for (const [name, text] of Object.entries({ ca, cert: tls.cert, key: tls.key })) await writeFile(at(name), text);

  // A network of its own, in which only this machine is, and names lead where the test says.
  const network = ["--unshare-net", "--cap-add", "CAP_NET_BIND_SERVICE", "--ro-bind", at("hosts"), "/etc/hosts"];
  const files = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"];
  const child = Bun.spawn([bwrap ?? "", ...files, ...network, process.execPath, program], {
    env: { PATH: process.env["PATH"] ?? "", NODE_EXTRA_CA_CERTS: at("ca"), CERTIFICATE: at("cert"), KEY: at("key") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [said, complaints] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  expect(complaints).toBe("");
  expect(JSON.parse(said)).toEqual({ hosts: [accelerated], keys: ["clip.mp4"] });
});
