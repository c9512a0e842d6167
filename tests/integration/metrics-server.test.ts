import { expect, test } from "bun:test";
import { makeProcessStats } from "#worker/ffmpeg/process-stats.ts";
import { makeWorkerMetrics } from "#worker/metrics.ts";
import { serveMetrics } from "#worker/metrics-server.ts";

const { text } = makeWorkerMetrics({
  slots: { inUse: 2 },
  workDir: "/tmp",
  processStats: makeProcessStats(),
  recordsProblem: () => undefined,
});
const ask = async (url: URL, headers: Record<string, string> = {}) => {
  const answer = await fetch(new URL("/metrics", url), { headers });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
};

test("a worker's metrics are for who has the token, if there is one", async () => {
  const open = serveMetrics({ host: "127.0.0.1", port: 0, token: undefined, text });
  const closed = serveMetrics({ host: "127.0.0.1", port: 0, token: "secret", text });
  try {
    expect(await ask(open.url)).toMatchObject({ status: 200, type: "text/plain; version=0.0.4; charset=utf-8" });
    expect((await ask(open.url)).text).toContain("\nflux_worker_jobs_running 2\n");
    expect((await fetch(open.url)).status).toBe(404);
    expect((await ask(closed.url)).status).toBe(401);
    expect((await ask(closed.url, { authorization: "Bearer secrets" })).status).toBe(401);
    expect((await ask(closed.url, { authorization: "Bearer secret" })).status).toBe(200);
  } finally {
    await Promise.all([open.stop(true), closed.stop(true)]);
  }
});

test("what goes wrong is not shown to who asks", async () => {
  const failing = async () => {
    throw new Error("no such folder: /srv/work");
  };
  const server = serveMetrics({ host: "127.0.0.1", port: 0, token: undefined, text: failing });
  try {
    const { status, text } = await ask(server.url);
    expect(status).toBe(500);
    expect(text).not.toContain("/srv/work");
  } finally {
    await server.stop(true);
  }
});
