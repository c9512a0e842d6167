import { describe, expect, test } from "bun:test";
import { adviceOn as controlplane } from "#controlplane/advice.ts";
import { readConfig as readControlplane, settings } from "#controlplane/config.ts";
import { settingAdvice } from "#shared/setting-advice.ts";
import { deployments } from "#tests/support/deployments.ts";
import { adviceOn as worker } from "#worker/advice.ts";
import { readConfig as readWorker, WorkerEnv } from "#worker/config.ts";

const all = await deployments();
const known = { controlplane: Object.keys(settings), worker: Object.keys(WorkerEnv.entries) };
// Read by the AWS SDK, and by Bun.
const others = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "BUN_JSC_useDFGJIT"];

describe.each(all)("$file ($part)", ({ part, env }) => {
  test("sets only what is a setting", () => {
    expect(Object.keys(env).filter((name) => ![...known[part], ...others].includes(name))).toEqual([]);
  });

  test("sets what its part accepts", () => {
    const config = part === "worker" ? readWorker(env) : readControlplane(env);
    expect(config.logLevel).toBe("info");
  });
});

test.each(all)("$file ($part) starts without advice", ({ part, env }) => {
  const own = part === "worker" ? worker(readWorker(env)) : controlplane(readControlplane(env));
  expect([...own, ...settingAdvice(part, env)]).toEqual([]);
});

// Compose takes it from the file .env, which compose.yaml says how to write.
test.each(all.filter(({ part, file }) => part === "worker" && file !== "compose.yaml"))(
  "$file: orders may have a callback_url",
  ({ env }) => expect(readWorker(env).webhooks.secrets).not.toEqual([]),
);

const workers = all.filter(({ part }) => part === "worker");

test.each(workers)("$file leaves a worker the time to drain", ({ env, stopSeconds = 0 }) => {
  expect(stopSeconds * 1_000).toBeGreaterThan(readWorker(env).drainTimeoutMs);
});

test("every way to deploy but the function has both parts", () => {
  const parts = Map.groupBy(all, ({ file }) => file.split("/").slice(0, 2).join("/"));
  const incomplete = [...parts].filter(([, deployed]) => new Set(deployed.map(({ part }) => part)).size < 2);
  expect(incomplete.map(([folder]) => folder)).toEqual(["deploy/lambda"]);
});

test.each(["compose.yaml", "deploy/fly", "deploy/systemd"])("%s: both parts mean the same port", (folder) => {
  const here = all.filter(({ file }) => file.startsWith(folder));
  const ports = here.filter(({ part }) => part === "worker").map(({ env }) => readWorker(env).port);
  const nodes = here.find(({ part }) => part === "controlplane")?.env["WORKER_NODES"]?.split(",") ?? [];
  expect(new Set(nodes.map((node) => Number(node.split(":").at(-1))))).toEqual(new Set(ports));
});
