import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FtpOptions } from "#shared/storage/ftp/connections.ts";
import { certificateFor } from "./certificates.ts";
import { freePort } from "./processes.ts";

type Secure = FtpOptions["secure"];

const password = "correct horse";
const tlsOptions = ["ssl_tlsv1=YES", "ssl_sslv2=NO", "ssl_sslv3=NO", "ssl_ciphers=HIGH", "require_ssl_reuse=YES"];
const forced = ["ssl_enable=YES", "allow_anon_ssl=YES", "force_anon_logins_ssl=YES", "force_anon_data_ssl=YES"];

/**
 * A vsftpd of its own on a free port of the loopback, with one folder; its data connections reuse the TLS session. `more`
 * are lines of its configuration.
 */
export async function startFtpServer(vsftpd: string, secure: Secure = "none", more: readonly string[] = []) {
  const home = await mkdtemp(join(tmpdir(), "ftp-"));
  const login = join(home, "login");
  const root = join(login, "media");
  await mkdir(root, { recursive: true });
  await mkdir(join(home, "empty"));
  await writeFile(join(home, "passwords"), `${password}\n`);
  const port = await freePort();
  await writeFile(
    join(home, "conf"),
    [...settings(home, port), ...(await tlsSettings(home, secure)), ...more, ""].join("\n"),
  );

  let server = spawn(vsftpd, join(home, "conf"));
  await accepts(port);

  const stop = async () => {
    // The sessions too, which are processes of their own.
    process.kill(-server.pid, "SIGKILL");
    await server.exited;
  };

  return {
    options: {
      host: "localhost",
      port,
      user: "anonymous",
      password,
      secure,
      root: "media",
      ca: secure === "none" ? undefined : join(home, "ca.pem"),
    } satisfies FtpOptions,
    /** The same as settings, for a process that is spawned. */
    env: {
      FTP_HOST: "localhost",
      FTP_PORT: String(port),
      FTP_USER: "anonymous",
      FTP_PASSWORD: password,
      FTP_SECURE: secure,
      FTP_ROOT: "media",
      ...(secure !== "none" && { FTP_CA: join(home, "ca.pem") }),
    },
    /** The folder of the keys, as it is on the disk. */
    root,
    ...contentsOf(root),
    /** Ends the server and all of its connections as a power cut would. */
    stop,
    async restart() {
      server = spawn(vsftpd, join(home, "conf"));
      await accepts(port);
    },
    async [Symbol.asyncDispose]() {
      await stop().catch(() => {});
      await rm(home, { recursive: true, force: true });
    },
  };
}

export type FtpServer = Awaited<ReturnType<typeof startFtpServer>>;

const spawn = (vsftpd: string, conf: string) =>
  Bun.spawn([vsftpd, conf], { stdio: ["ignore", "ignore", "inherit"], detached: true });

// Runs as whoever runs the tests, with the one login that needs no account on the machine.
const settings = (home: string, port: number) => [
  "listen=YES",
  "listen_address=127.0.0.1",
  `listen_port=${port}`,
  "pasv_address=127.0.0.1",
  "background=NO",
  "seccomp_sandbox=NO",
  "isolate_network=NO",
  "run_as_launching_user=YES",
  "local_enable=NO",
  "anonymous_enable=YES",
  `anon_root=${join(home, "login")}`,
  `secure_chroot_dir=${join(home, "empty")}`,
  "secure_email_list_enable=YES",
  `email_password_file=${join(home, "passwords")}`,
  "write_enable=YES",
  "anon_upload_enable=YES",
  "anon_mkdir_write_enable=YES",
  "anon_other_write_enable=YES",
  "anon_world_readable_only=NO",
  "anon_umask=022",
  "max_login_fails=1",
];

async function tlsSettings(home: string, secure: Secure) {
  if (secure === "none") return [];
  const { ca, tls } = await certificateFor("localhost");
  await writeFile(join(home, "ca.pem"), ca);
  await writeFile(join(home, "server.pem"), tls.cert);
  await writeFile(join(home, "server.key"), tls.key);
  return [
    ...forced,
    ...tlsOptions,
    `rsa_cert_file=${join(home, "server.pem")}`,
    `rsa_private_key_file=${join(home, "server.key")}`,
    ...(secure === "implicit" ? ["implicit_ssl=YES"] : []),
  ];
}

/** Looks into the folder of a server's keys. */
export const contentsOf = (root: string) => ({
  bytes: (key: string) => readFile(join(root, key)),
  keys: async () => (await filesIn(root)).filter((path) => !path.endsWith(".part")).sort(),
  /** Temporary files, or folders with nothing in them. */
  async hasRemains() {
    const all = await readdir(root, { recursive: true });
    return all.some((path) => path.endsWith(".part")) || (all.length > 0 && (await filesIn(root)).length === 0);
  },
});

/** Resolves when somebody listens on a port of the loopback. */
export async function accepts(port: number, attempts = 200): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  });
  socket.destroy();
  if (isOpen) return;
  if (attempts === 1) throw new Error(`nobody listens on port ${port}`);
  await sleep(10);
  await accepts(port, attempts - 1);
}

async function filesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [relative(root, join(entry.parentPath, entry.name))] : []));
}
