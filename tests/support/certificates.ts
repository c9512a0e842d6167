import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder with a root of its own, `root.pem`, that signs certificates as `<file>.pem` and `<file>.key`; needs openssl. */
export async function certificateAuthority() {
  const folder = await mkdtemp(join(tmpdir(), "certificates-"));
  const make = async (to: string, ...args: string[]) => {
    const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const files = ["-keyout", `${to}.key`, "-out", `${to}.pem`, "-subj", `/CN=${to}`];
    const { exited } = Bun.spawn(["openssl", "req", "-x509", ...ec, ...files, ...args], {
      cwd: folder,
      stdio: ["ignore", "ignore", "ignore"],
    });
    if ((await exited) !== 0) throw new Error("openssl failed");
  };
  await make("root");
  return {
    path: (file: string) => join(folder, file),
    /** A certificate for one DNS name. */
    sign: (file: string, name: string) =>
      make(file, "-addext", `subjectAltName=DNS:${name}`, "-CA", "root.pem", "-CAkey", "root.key"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** A root of its own, and a server's key and certificate under it for one DNS name, in PEM; needs openssl. */
export async function certificateFor(name: string) {
  await using authority = await certificateAuthority();
  await authority.sign("server", name);
  const pem = (file: string) => readFile(authority.path(file), "utf8");
  return { ca: await pem("root.pem"), tls: { key: await pem("server.key"), cert: await pem("server.pem") } };
}
