import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accepts, contentsOf } from "./ftp-server.ts";
import { freePort } from "./processes.ts";
import { toolPath, tools } from "./tools.ts";

const login = { user: "flux", password: "correct horse" };
/** Of nobody, as Debian has it: Pure-FTPd lets no root in. */
const nobody = 65_534;

type Place = {
  /** For configuration. */
  home: string;
  /** What the login sees. */
  folder: string;
  port: number;
  /** Lines of ProFTPD's configuration, instead of the one that lets files be replaced. */
  more: readonly string[];
};
type Command = { argv: string[]; env?: Record<string, string> };

/** A server's command line, after its configuration is written. */
const commands = {
  proftpd: async ({ home, folder, port, more }: Place): Promise<Command> => {
    const { uid, gid } = ids();
    const users = join(home, "users");
    await writeFile(users, `${login.user}:${await sha512(login.password)}:${uid}:${gid}::${folder}:/bin/sh\n`);
    // It refuses a file that others may read.
    await chmod(users, 0o600);
    const settings = [
      ...["ServerType standalone", "DefaultAddress 127.0.0.1", `Port ${port}`, "UseIPv6 off", "UseReverseDNS off"],
      ...["User root", "Group root"].filter(() => uid === 0),
      ...["AuthOrder mod_auth_file.c", `AuthUserFile ${users}`, "AuthPAM off", "RequireValidShell off", "RootLogin on"],
      ...["DelayEngine off", "WtmpLog off", "TransferLog none", "SystemLog none", `PidFile ${join(home, "pid")}`],
      ...[`ScoreboardFile ${join(home, "scoreboard")}`, "MaxInstances 60"],
      ...(more.length > 0 ? more : ["AllowOverwrite on"]),
    ];
    await writeFile(join(home, "conf"), `${settings.join("\n")}\n`);
    return { argv: [toolPath("proftpd") ?? "", "--nodaemon", "--quiet", "--config", join(home, "conf")] };
  },

  "pure-ftpd": async ({ home, folder, port }: Place): Promise<Command> => {
    const [users, database] = [join(home, "users"), join(home, "database")];
    const user = `${login.user}:${await sha512(login.password)}:${nobody}:${nobody}::${folder}/./::::::::::::\n`;
    await writeFile(users, user);
    await ran([toolPath("pure-pw") ?? "", "mkdb", database, "-f", users]);
    await ran(["chown", "-R", `${nobody}:${nobody}`, folder]);
    // Of mkdtemp only the owner may enter.
    await chmod(home, 0o755);
    const options = ["-4", "-H", "-E", "-D", "-c", "60", "-C", "60", "-u", "1", "-g", join(home, "pid")];
    const argv = [toolPath("pure-ftpd") ?? "", ...options, "-S", `127.0.0.1,${port}`, "-l", `puredb:${database}`];
    return { argv };
  },

  pyftpdlib: async ({ home, folder, port }: Place): Promise<Command> => {
    const script = [
      "from pyftpdlib.authorizers import DummyAuthorizer",
      "from pyftpdlib.handlers import FTPHandler",
      "from pyftpdlib.servers import FTPServer",
      "FTPHandler.authorizer = DummyAuthorizer()",
      `FTPHandler.authorizer.add_user("${login.user}", "${login.password}", "${folder}", perm="elradfmwMT")`,
      `FTPServer(("127.0.0.1", ${port}), FTPHandler).serve_forever()`,
    ];
    await writeFile(join(home, "serve.py"), script.join("\n"));
    return { argv: ["python3", join(home, "serve.py")], env: { PYTHONPATH: join(tools, "python") } };
  },
};

export type FtpServerName = keyof typeof commands;

/** Whether such a server can be started here; in CI each must be. */
export async function isThere(name: FtpServerName): Promise<boolean> {
  if (name === "pure-ftpd") return ids().uid === 0 && Boolean(toolPath(name) && toolPath("pure-pw"));
  if (name !== "pyftpdlib") return Boolean(toolPath(name));
  const has = await Bun.file(join(tools, "python/pyftpdlib/__init__.py")).exists();
  if (!has && process.env["CI"] === "true")
    throw new Error("the tests need pyftpdlib; scripts/setup tests installs it");
  return has;
}

/** An FTP server that is not vsftpd, without TLS, on a free port of the loopback, with one folder. */
export async function startOtherFtpServer(name: FtpServerName, more: readonly string[] = []) {
  const home = await mkdtemp(join(tmpdir(), `${name}-`));
  const folder = join(home, "login");
  const root = join(folder, "media");
  await mkdir(root, { recursive: true });
  const port = await freePort();
  const { argv, env = {} } = await commands[name]({ home, folder, port, more });
  const server = Bun.spawn(argv, {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "ignore", "ignore"],
    detached: true,
  });
  await accepts(port);

  return {
    options: { host: "127.0.0.1", port, ...login, secure: "none", root: rootOf(name, root) } as const,
    /** The same as settings, for a process that is spawned. */
    env: {
      FTP_HOST: "127.0.0.1",
      FTP_PORT: String(port),
      FTP_USER: login.user,
      FTP_PASSWORD: login.password,
      FTP_SECURE: "none",
      FTP_ROOT: rootOf(name, root),
    },
    root,
    ...contentsOf(root),
    async [Symbol.asyncDispose]() {
      // The sessions too, which are processes of their own.
      process.kill(-server.pid, "SIGKILL");
      await server.exited;
      await rm(home, { recursive: true, force: true });
    },
  };
}

// ProFTPD does not confine a login without being told to.
const rootOf = (name: FtpServerName, root: string) => (name === "proftpd" ? root : "media");

const ids = () => ({ uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });

const sha512 = (password: string) => ran(["openssl", "passwd", "-6", password]);

async function ran(argv: string[]): Promise<string> {
  const child = Bun.spawn(argv, { stdio: ["ignore", "pipe", "inherit"] });
  const said = (await child.stdout.text()).trim();
  if ((await child.exited) !== 0) throw new Error(`failed: ${argv.join(" ")}`);
  return said;
}
