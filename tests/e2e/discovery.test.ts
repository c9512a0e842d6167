import { expect, test } from "bun:test";
import { join } from "node:path";
import { prefixOf } from "#shared/job/id.ts";
import { certificateAuthority } from "#tests/support/certificates.ts";
import { clip } from "#tests/support/clips.ts";
import { heldSources } from "#tests/support/held-sources.ts";
import { freePort, loopback, startCommand, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, ffprobe, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { slowness } from "#tests/support/slowness.ts";
import { srvServer } from "#tests/support/srv-server.ts";
import { toolPath } from "#tests/support/tools.ts";

const name = "_grpc._tcp.flux.test";
const hosts = ["one", "two", "three", "four"].map((host) => `${host}.flux.test`);

/**
 * Begins a command that has this DNS server for its system's, and knows where the hosts are. It sees the machine as it
 * is but for these two files.
 */
async function withDns(dns: { address: string }, home: string): Promise<string[]> {
  await Bun.write(join(home, "resolv.conf"), `nameserver ${dns.address}\n`);
  await Bun.write(join(home, "hosts"), `127.0.0.1 localhost ${hosts.join(" ")}\n`);
  const replaced = ["resolv.conf", "hosts"].flatMap((file) => ["--ro-bind", join(home, file), `/etc/${file}`]);
  return [toolPath("bwrap") ?? "bwrap", "--dev-bind", "/", "/", ...replaced, "--die-with-parent", process.execPath];
}

const root = join(import.meta.dir, "../..");

async function startFound(dns: { address: string }, home: string, env: Record<string, string>) {
  const argv = [...(await withDns(dns, home)), join(root, "controlplane/main.ts")];
  const settings = { PORT: "0", ALLOWED_PRIVATE_CIDRS: loopback, ...env };
  const started = await startCommand(argv, settings, "listening");
  return Object.assign(started, { url: new URL(String(started.ready["url"])).origin });
}

test.skipIf(!toolPath("bwrap"))(
  "workers come, go and get other names in DNS while jobs run, and every job ends well where it began",
  async () => {
    await using home = await temporaryFolder();
    await using source = heldSources(await clip({ seconds: 1 }));
    await using quick = serveFiles({ "clip.mp4": await clip({ seconds: 1 }) });
    await using dns = await srvServer(name);
    const [first, second, third] = [await freePort(), await freePort(), await freePort()];
    const start = (port: number) => startWorker({ port, home: home.path, MAX_CONCURRENT_JOBS: "3" });
    await using _first = await start(first);
    await using _second = await start(second);
    dns.targets = [`one.flux.test:${first}`, `two.flux.test:${second}`];
    const env = { WORKER_NODES: `srv://${name}`, INSECURE_GRPC: "true", WORKER_STARTUP_TIMEOUT: "20s" };
    await using controlplane = await startFound(dns, home.path, env);
    const api = client(controlplane.url);
    const workers = async () => {
      const { body } = await api.ask("/workers/status");
      return (body["workers"] as { address: string }[]).map(({ address }) => address).sort();
    };
    const post = async (input_url: string, path: string) => {
      const answer = await api.post({ input_url, preset: "tiny", output: { path } });
      expect(answer).toMatchObject({ status: 202 });
      return String(answer.body["job_id"]);
    };

    // Jobs on each of the first two workers, which cannot end yet.
    await workers();
    const held = [];
    for (const path of ["0.mp4", "1.mp4", "2.mp4", "3.mp4"]) held.push(await post(source.url("clip.mp4"), path));
    const began = [...new Set(held.map((jobId) => jobId.slice(0, 8)))].sort();
    const both = [prefixOf(`one.flux.test:${first}`), prefixOf(`two.flux.test:${second}`)];
    expect(began).toEqual(both.sort());
    const watched = held.map((jobId) => api.events(jobId));

    // The first goes, the second gets another name, a third comes.
    await using _third = await start(third);
    const after = [`three.flux.test:${third}`, `four.flux.test:${second}`];
    dns.targets = after;
    const all = [`one.flux.test:${first}`, `two.flux.test:${second}`, ...after].sort();
    await eventually(async () => (await workers()).length === 4, "the new ones are found, the old ones are kept");
    expect(await workers()).toEqual(all);

    // Orders under way meanwhile: none goes to a name that is gone, none is lost.
    const later = [];
    for (let n = 4; n < 12; n += 1) {
      const jobId = await post(quick.url("clip.mp4"), `${n}.mp4`);
      expect(after.map(prefixOf)).toContain(jobId.slice(0, 8));
      later.push(jobId);
      expect((await api.events(jobId)).at(-1)).toMatchObject({ status: "completed" });
    }
    for (const jobId of held) expect(await api.job(jobId)).toMatchObject({ status: 200 });

    source.release("clip.mp4");
    for (const events of await Promise.all(watched)) expect(events.at(-1)).toMatchObject({ status: "completed" });
    for (let n = 0; n < 12; n += 1) {
      const { video, duration } = await ffprobe(join(home.path, `out/${n}.mp4`));
      expect(video.codec_name).toBe("h264");
      expect(Math.abs(duration - 1)).toBeLessThan(0.1);
    }
    await eventually(async () => (await workers()).length === 2, "the names that are gone are forgotten");
    expect(await workers()).toEqual(after.sort());
    for (const jobId of [...held, ...later])
      expect(await api.job(jobId)).toMatchObject({ status: 200, body: { status: "completed" } });
  },
  120_000 * slowness(),
);

test.skipIf(!toolPath("bwrap") || !toolPath("openssl"))(
  "the certificate of each worker must be for the name that DNS gives it",
  async () => {
    await using home = await temporaryFolder();
    await using authority = await certificateAuthority();
    await using quick = serveFiles({ "clip.mp4": await clip({ seconds: 1 }) });
    await Promise.all([authority.sign("one", "one.flux.test"), authority.sign("two", "somebody.flux.test")]);
    await using dns = await srvServer(name);
    const start = async (host: string) => {
      const port = await freePort();
      const [GRPC_TLS_CERT, GRPC_TLS_KEY] = [authority.path(`${host}.pem`), authority.path(`${host}.key`)];
      return { port, ...(await startWorker({ port, home: home.path, GRPC_TLS_CERT, GRPC_TLS_KEY })) };
    };
    await using one = await start("one");
    await using two = await start("two");
    dns.targets = [`one.flux.test:${one.port}`, `two.flux.test:${two.port}`];
    await using controlplane = await startFound(dns, home.path, {
      WORKER_NODES: `srv+https://${name}`,
      GRPC_TLS_CA: authority.path("root.pem"),
    });
    const api = client(controlplane.url);
    const { body } = await api.ask("/workers/status");
    expect(body["workers"]).toMatchObject([
      { address: `https://one.flux.test:${one.port}`, reachable: true },
      { address: `https://two.flux.test:${two.port}`, reachable: false },
    ]);
    const order = { input_url: quick.url("clip.mp4"), preset: "tiny", output: { path: "a.mp4" } };
    expect(await api.post(order, { prefer: "wait=30" })).toMatchObject({ status: 200 });
  },
  60_000 * slowness(),
);

test("an SRV record beyond loopback without TLS is refused at the start", async () => {
  const failed = await startControlplane([], { WORKER_NODES: `srv://${name}` }).catch((error: Error) => error.message);
  expect(failed).toMatch(/WORKER_NODES: names a worker beyond loopback without TLS: .*srv\+https:\/\/.*INSECURE_GRPC/);
});

test.skipIf(!toolPath("bwrap"))(
  "flux doctor tells whom DNS names, whom of them it refuses, and who answers",
  async () => {
    await using home = await temporaryFolder();
    await using dns = await srvServer(name);
    const port = await freePort();
    await using _worker = await startWorker({ port, home: home.path });
    dns.targets = [`one.flux.test:${port}`, "elsewhere.test:1"];
    const doctor = async () => {
      const argv = [...(await withDns(dns, home.path)), join(root, "cli/main.ts"), "doctor"];
      const env = {
        WORKER_NODES: `srv://${name}`,
        INSECURE_GRPC: "true",
        WORK_DIR: join(home.path, "work"),
        PORT: "0",
      };
      const child = Bun.spawn(argv, {
        cwd: home.path,
        env: { PATH: "", ...env },
        stdio: ["ignore", "pipe", "inherit"],
      });
      return (await new Response(child.stdout).text()).split("\n").filter((line) => /^. (dns|worker) /.test(line));
    };
    expect(await doctor()).toEqual([
      `✓ dns         srv://${name} names 1 worker`,
      `– dns         srv://${name}: elsewhere.test:1 is refused, because it is not below flux.test`,
      expect.stringContaining(`✓ worker      one.flux.test:${port} answers: 0/1 jobs`),
    ]);
    dns.how = "server failure";
    expect(await doctor()).toEqual([
      `✗ dns         DNS does not answer for ${name} (ESERVFAIL); check WORKER_NODES and the DNS of this machine`,
    ]);
  },
);

test.skipIf(!toolPath("bwrap"))(
  "forty orders wait while DNS adds, removes and renames workers, and each is done once",
  async () => {
    await using home = await temporaryFolder();
    await using quick = serveFiles({ "clip.mp4": await clip({ seconds: 0.2 }) });
    await using dns = await srvServer(name);
    const [first, second, third] = [await freePort(), await freePort(), await freePort()];
    const start = (port: number) => startWorker({ port, home: home.path, MAX_CONCURRENT_JOBS: "1" });
    await using _first = await start(first);
    await using _second = await start(second);
    await using _third = await start(third);
    dns.targets = [`one.flux.test:${first}`, `two.flux.test:${second}`];
    await using controlplane = await startFound(dns, home.path, {
      ...{ WORKER_NODES: `srv://${name}`, INSECURE_GRPC: "true" },
      ...{ QUEUE_URL: `sqlite:${join(home.path, "queue.sqlite")}`, RECORD_STORAGE: "local" },
      LOCAL_ROOT: join(home.path, "out"),
    });
    const api = client(controlplane.url);
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      const answer = await api.post({ input_url: quick.url("clip.mp4"), preset: "tiny", output: { path: `${n}.mp4` } });
      expect(answer.status).toBe(202);
      ids.push(String(answer.body["job_id"]));
    }
    // Each change is made and seen while jobs run and wait.
    const change = async (added: string, ...others: string[]) => {
      dns.targets = [added, ...others];
      const isSeen = (line: string) => line.includes(`"added":["${added}"]`);
      await eventually(() => controlplane.said.some(isSeen), `${added} is seen`);
    };
    await change(`three.flux.test:${third}`, `two.flux.test:${second}`);
    await change(`four.flux.test:${second}`, `three.flux.test:${third}`);
    const ends = await Promise.all(ids.map(async (id) => (await api.events(id)).at(-1)));
    expect(ends.map((event) => [event?.status, event?.attempt])).toEqual(ids.map(() => ["completed", 1]));
    const outputs = (await filesIn(join(home.path, "out"))).filter((path) => path.endsWith(".mp4"));
    expect(outputs).toHaveLength(40);
    expect(quick.asked).toHaveLength(40);
  },
  120_000 * slowness(),
);
