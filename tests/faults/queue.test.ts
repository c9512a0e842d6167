import { expect, test } from "bun:test";
import { redisServer } from "#tests/support/redis-server.ts";
import { client, eventually } from "#tests/support/service.ts";
import { startRig } from "./rig.ts";
import { roomProblems } from "./waiting-room.ts";

const engines = [...(redisServer ? (["redis"] as const) : []), "sqlite" as const];

test.each(engines)("jobs whose control planes are all killed leave the room in %s when they end", async (queue) => {
  await using rig = await startRig("local", queue);
  const api = client(rig.controlplanes[0]?.url ?? "");
  const order = { input_url: rig.sourceUrl("long.mp4"), preset: "hls_slow" };
  for (let n = 0; n < 6; n += 1) expect(await api.post(order)).toMatchObject({ status: 202 });
  const isAllTaken = async () => {
    const { waiting, running } = (await api.ask("/queue")).body;
    return waiting === 0 && Number(running) > 0;
  };
  await eventually(isAllTaken, "nothing waits any more");
  for (const controlplane of rig.controlplanes) controlplane.signal("SIGKILL");
  expect(await roomProblems(rig)).toEqual([]);
});
