/** Runs the control plane, the worker, or (without an argument) both, restarted at each change of their files. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { relative, resolve, sep } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { throwListenFault } from "#shared/net/listen-fault.ts";
import { settingNames } from "#shared/setting-names.ts";
import { newSecret } from "#shared/webhooks/signing.ts";

// So that sources on this machine, such as the sample, can be encoded.
const ALLOWED_PRIVATE_CIDRS = "127.0.0.0/8,::1/128";
const { SAMPLE_PORT: samplePort = "8090" } = process.env;

// So that orders may have a callback_url: a new one at each start, shown for whoever checks the signatures.
const secret = newSecret();

const parts = {
  worker: {
    colour: "\x1b[33m",
    env: {
      GRPC_PORT: "50051",
      STORAGE_TYPE: "local",
      LOCAL_ROOT: "./out",
      LOCAL_PUBLIC_URL: `http://127.0.0.1:${samplePort}/out`,
      UPLOAD_STORAGE: "local",
      AUTO_STOP: "false",
      WEBHOOK_SECRETS: secret,
      ALLOWED_PRIVATE_CIDRS,
    },
  },
  controlplane: {
    colour: "\x1b[36m",
    env: {
      PORT: "8080",
      WORKER_NODES: "127.0.0.1:50051",
      RECORD_STORAGE: "local",
      LOCAL_ROOT: "./out",
      UPLOAD_STORAGE: "local",
      UPLOAD_SINGLE_CONTROL_PLANE: "true",
      // Orders that the one worker has no room for wait.
      QUEUE_URL: "sqlite:./.dev/queue.sqlite",
      WEBHOOK_SECRETS: secret,
      ALLOWED_PRIVATE_CIDRS,
    },
  },
} as const;

const includes = (names: readonly string[], name: string) => names.includes(name);

type Part = keyof typeof parts;

const isPart = (name: string): name is Part => Object.hasOwn(parts, name);

// A process group of its own: Ctrl-C then reaches this process alone, and each part gets one SIGTERM.
function start(part: Part) {
  // What is set for one part is no mistake at the other.
  const others = settingNames[part === "worker" ? "controlplane" : "worker"];
  const given = Object.fromEntries(Object.entries(process.env).filter(([name]) => !includes(others, name)));
  const child = spawn(process.execPath, ["--watch", "--no-clear-screen", "--no-orphans", `${part}/main.ts`], {
    env: { ...parts[part].env, ...given },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const ended = Promise.all([once(child, "exit"), print(part, child.stdout), print(part, child.stderr)]);
  return { part, child, ended };
}

async function print(part: Part, output: Readable) {
  const name = part.padEnd("controlplane".length);
  const label = process.stdout.isTTY ? `${parts[part].colour}${name} │\x1b[0m` : `${name} |`;
  for await (const line of createInterface({ input: output })) console.log(`${label} ${line}`);
}

/** A source to try, and the outputs: from another port than the dashboard, which may play them all the same. */
function serveMedia() {
  const sample = fileURLToPath(import.meta.resolve("vide/examples/video/ocean.mp4"));
  const { LOCAL_ROOT = parts.worker.env.LOCAL_ROOT } = process.env;
  const outputs = resolve(LOCAL_ROOT);
  const { url } = Bun.serve({
    hostname: "127.0.0.1",
    port: samplePort,
    async fetch({ url }) {
      const path = resolve(outputs, decodeURIComponent(new URL(url).pathname).replace(/^\/out\//, ""));
      const output = Bun.file(path);
      // Records and uploads lie there too, and are nobody's to read.
      const isHidden = relative(outputs, path).split(sep).includes(".flux");
      const isOutput = path.startsWith(outputs + sep) && !isHidden && (await output.exists());
      return new Response(isOutput ? output : Bun.file(sample), { headers: { "Access-Control-Allow-Origin": "*" } });
    },
  });
  console.log(`A sample source: ${url.origin}/ocean.mp4`);
}

const asked = process.argv.slice(2).filter(isPart);
if (asked.length === 0 || asked.includes("worker")) {
  if (!process.env["WEBHOOK_SECRETS"]) console.log(`Webhooks are signed with ${secret} (WEBHOOK_SECRETS)`);
  const place = { host: "127.0.0.1", port: Number(samplePort) };
  await Promise.try(serveMedia)
    .catch(throwListenFault("SAMPLE_PORT", place))
    .catch(({ message }) => {
      console.error(message);
      process.exit(78);
    });
}
const running = (asked.length > 0 ? asked : Object.keys(parts).filter(isPart)).map(start);

let stopping = false;
function stop() {
  const signal = stopping ? "SIGKILL" : "SIGTERM";
  stopping = true;
  for (const { child } of running) child.kill(signal);
}
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

const first = await Promise.race(running.map(({ part, child, ended }) => ended.then(() => ({ part, child }))));
if (!stopping) {
  console.error(`${first.part} ended with ${first.child.signalCode ?? `exit code ${first.child.exitCode}`}`);
  process.exitCode = first.child.exitCode || 1;
  stop();
}
await Promise.all(running.map(({ ended }) => ended));
process.exit();
