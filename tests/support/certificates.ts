import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A root of its own, and a server's key and certificate under it for one DNS name, in PEM; needs openssl. */
export async function certificateFor(name: string) {
  const dir = await mkdtemp(join(tmpdir(), "certificates-"));
  const pem = (file: string) => readFile(join(dir, file), "utf8");
  const make = async (to: string, ...args: string[]) => {
    const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const files = ["-keyout", `${to}.key`, "-out", `${to}.pem`, "-subj", `/CN=${to}`];
    const { exited } = Bun.spawn(["openssl", "req", "-x509", ...ec, ...files, ...args], {
      cwd: dir,
      stdio: ["ignore", "ignore", "ignore"],
    });
    if ((await exited) !== 0) throw new Error("openssl failed");
  };
  try {
    await make("root");
    await make("server", "-addext", `subjectAltName=DNS:${name}`, "-CA", "root.pem", "-CAkey", "root.key");
    return { ca: await pem("root.pem"), tls: { key: await pem("server.key"), cert: await pem("server.pem") } };
  } finally {
    await rm(dir, { recursive: true });
  }
}
