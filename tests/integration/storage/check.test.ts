import { expect, test } from "bun:test";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startFtpServer } from "#tests/support/ftp-server.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const main = join(import.meta.dir, "../../../cli/main.ts");
const vsftpd = toolPath("vsftpd");

/** Runs the command with these settings alone. */
async function check(env: Record<string, string>, ...args: string[]) {
  const child = Bun.spawn([process.execPath, main, "storage", "check", ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = (await new Response(child.stdout).text()).trimEnd().split("\n");
  return { said, code: await child.exited, error: await new Response(child.stderr).text() };
}

const marks = (said: readonly string[]) => said.map((line) => line.slice(0, line.indexOf("  ")));

function serveFolder(folder: string, headers: Record<string, string>) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ url }) => new Response(Bun.file(join(folder, decodeURIComponent(new URL(url).pathname))), { headers }),
  });
  return { url: server.url.origin, [Symbol.asyncDispose]: () => server.stop(true) };
}

const hls = "application/vnd.apple.mpegurl";

test("finds a folder and the web server before it in order, and leaves nothing", async () => {
  await using folder = await temporaryFolder();
  await using web = serveFolder(folder.path, { "content-type": hls, "access-control-allow-origin": "*" });
  const { said, code } = await check({ LOCAL_ROOT: folder.path, LOCAL_PUBLIC_URL: web.url });
  expect(marks(said)).toEqual([
    "✓ put",
    "✓ get",
    "✓ replace",
    "✓ list",
    "✓ create",
    "✓ public URL",
    "✓ CORS",
    "✓ delete",
  ]);
  expect(code).toBe(0);
  expect(await readdir(folder.path)).toEqual([]);
});

test("says that a web server serves the wrong type and no CORS", async () => {
  await using folder = await temporaryFolder();
  await using web = serveFolder(folder.path, { "content-type": "text/plain" });
  const { said, code, error } = await check({ LOCAL_ROOT: folder.path, LOCAL_PUBLIC_URL: web.url });
  expect(said).toContain(
    `✗ public URL  playlists are served as text/plain: players need ${hls}; teach the web server the types in docs/storage.md`,
  );
  expect(said).toContain(
    "✗ CORS        a browser does not let pages of https://player.example.com play it; let the web server send Access-Control-Allow-Origin",
  );
  expect(code).toBe(1);
  expect(error).toBe("flux: the storage local is not ready\n");
});

test("tells that nobody can play from a folder without a public URL, which is no fault", async () => {
  await using folder = await temporaryFolder();
  const { said, code } = await check({ LOCAL_ROOT: folder.path });
  expect(said).toContain(
    "– public URL  players cannot read file:// addresses; set LOCAL_PUBLIC_URL to what serves LOCAL_ROOT",
  );
  expect(code).toBe(0);
});

test("finds a bucket in order, or says what is wrong with it", async () => {
  await using server = await startS3Server();
  await using front = await startS3Front(server.options.endpoint ?? "", { allowOrigin: "https://video.example.com" });
  const env = { ...server.env, S3_ENDPOINT: front.url, STORAGE_TYPE: "s3" };
  const publicUrl = `${front.url}/${server.options.bucket}`;

  const good = await check({ ...env, S3_PUBLIC_URL: publicUrl }, "--origin", "https://video.example.com");
  expect(marks(good.said)).toEqual([
    "✓ put",
    "✓ get",
    "✓ replace",
    "✓ list",
    "✓ create",
    "✓ public URL",
    "✓ CORS",
    "✓ delete",
  ]);
  expect(good.code).toBe(0);
  expect(await server.keys()).toEqual([]);

  const elsewhere = await check({ ...env, S3_PUBLIC_URL: publicUrl });
  expect(elsewhere.said.at(-2)).toBe(
    "✗ CORS        a browser does not let pages of https://player.example.com play it; give the bucket the CORS rules in docs/storage.md",
  );
  const wrongKey = await check({ ...env, AWS_ACCESS_KEY_ID: "wrong" });
  expect(wrongKey.said).toEqual([
    "✗ put         the storage does not know the access key (AWS_ACCESS_KEY_ID); check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the role of this machine",
  ]);
  expect(wrongKey.code).toBe(1);
  const wrongBucket = await check({ ...env, S3_BUCKET: "nowhere" });
  expect(wrongBucket.said).toEqual(["✗ put         the bucket does not exist; check S3_BUCKET and S3_ENDPOINT"]);
  const wrongUrl = await check({ ...env, S3_PUBLIC_URL: `${front.url}/other` });
  expect(wrongUrl.said.find((line) => line.startsWith("✗ public URL"))).toMatch(
    /answers 404: players cannot read it; set S3_PUBLIC_URL to what serves the bucket$/,
  );
});

test.each(["ignored", "unknown"] as const)("warns of a store that has conditional puts %s", async (conditional) => {
  await using server = await startS3Server();
  await using front = await startS3Front(server.options.endpoint ?? "", { conditional });
  const { said, code } = await check({ ...server.env, S3_ENDPOINT: front.url }, "--storage", "s3");
  expect(said.find((line) => line.startsWith("– create"))).toMatch(/Idempotency-Key .*set RECORD_STORAGE/);
  expect(said.filter((line) => line.startsWith("✗")).map((line) => line.slice(0, 12))).toEqual(["✗ CORS      "]);
  expect(code).toBe(1);
  expect(await server.keys()).toEqual([]);
});

test.skipIf(!vsftpd)("finds an FTP server in order, or says what is wrong with it", async () => {
  await using server = await startFtpServer(vsftpd ?? "", "explicit");
  const env = { ...server.env, STORAGE_TYPE: "ftp" };
  const good = await check(env);
  expect(marks(good.said)).toEqual(["✓ put", "✓ get", "✓ replace", "✓ list", "– create", "– public URL", "✓ delete"]);
  expect(good.code).toBe(0);
  expect(await readdir(server.root)).toEqual([]);

  const wrongPassword = await check({ ...env, FTP_PASSWORD: "wrong" });
  expect(wrongPassword.said).toEqual([
    "✗ put         the storage refused the credentials; check FTP_USER and FTP_PASSWORD",
  ]);
  const { FTP_CA: _ca, ...untrusted } = env;
  expect((await check(untrusted)).said).toEqual([
    "✗ put         the storage's certificate is not trusted; set FTP_CA to the PEM file of the server's authority",
  ]);
  await rm(server.root, { recursive: true });
  expect((await check({ ...env, FTP_ROOT: "/proc" })).said).toEqual([
    "✗ put         the storage does not allow this, or has no such folder; check FTP_ROOT and what the login may do there",
  ]);
});

test("names the setting that is missing", async () => {
  const { error, code } = await check({}, "--storage", "ftp");
  expect(error).toBe("flux: the storage ftp is not configured: set FTP_HOST\n");
  expect(code).toBe(78);
});
