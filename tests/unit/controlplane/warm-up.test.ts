import { expect, test } from "bun:test";
import { Hono } from "hono";
import { warmUp } from "#controlplane/warm-up.ts";

test("routes are sorted before the first request, which finds them", async () => {
  const app = new Hono().get("/healthz", (context) => context.text("ok"));
  // A router that has not chosen how to sort says no more than its own name.
  expect(app.router.name).toBe("SmartRouter");
  warmUp(app);
  expect(app.router.name).toStartWith("SmartRouter + ");
  expect(await (await app.request("/healthz")).text()).toBe("ok");
});
