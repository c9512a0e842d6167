import { expect, test } from "bun:test";
import { makeOccupancy } from "#worker/exit.ts";

test("it is idle when all that was begun has ended or rests, and an end counts once", () => {
  const told: string[] = [];
  const occupy = makeOccupancy({ busy: () => told.push("busy"), idle: () => told.push("idle") });
  const [one, two] = [occupy(), occupy()];
  one();
  one();
  expect(told).toEqual(["busy", "busy"]);
  two();
  one();
  expect(told).toEqual(["busy", "busy", "idle"]);
});
