import { expect, test } from "bun:test";
import { curlFor, curlOf } from "#dashboard/curl.ts";

test("curl gets an order whole, quotes and all, but no key", async () => {
  const order = { input_url: "https://example.com/it's.mp4", preset: "tiny" };
  const command = curlOf(order, "http://127.0.0.1:8080", true);
  expect(command).toContain("$FLUX_API_KEY");
  const asCommand = command.replace(/^curl/, "printf '%s\\n'").replaceAll("\\\n", " ");
  const said = Bun.spawnSync(["sh", "-c", asCommand], { env: { FLUX_API_KEY: "k" } }).stdout.toString();
  expect(JSON.parse(said.slice(said.indexOf("{")))).toEqual(order);
});

test("a call without a body is a plain one", () => {
  const url = "http://127.0.0.1:8080/api/v1/jobs?limit=5";
  expect(curlFor({ method: "GET", url, hasKey: false })).toBe(`curl '${url}'`);
  expect(curlFor({ method: "DELETE", url, headers: { Prefer: "wait" }, hasKey: false })).toBe(
    `curl -X DELETE '${url}' \\\n  -H 'Prefer: wait'`,
  );
});
