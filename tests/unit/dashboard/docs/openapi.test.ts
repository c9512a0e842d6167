import { expect, test } from "bun:test";
import { callsOf, shortExampleOf } from "#dashboard/docs/openapi.ts";
import { servedDocument } from "#tests/support/openapi.ts";

test("the page of the API shows every call of the document", () => {
  const document = servedDocument();
  const described = Object.values<object>(document.paths).flatMap((path) => Object.values(path));
  const ids = described.flatMap(({ operationId }) => operationId ?? []);
  expect(ids).toContain("changeJob");
  expect(callsOf(document).map(({ operationId }) => operationId)).toEqual(expect.arrayContaining(ids));
});

test("ordering comes first, and the example of a first try has what is required alone", () => {
  const document = servedDocument();
  const [order] = callsOf(document);
  expect([order?.operationId, order?.method]).toEqual(["submitJob", "POST"]);
  const schema = order?.requestBody?.content["application/json"]?.schema ?? {};
  expect(shortExampleOf(schema, document)).toEqual({
    input_url: "https://example.com/source.mp4",
    preset: "720p_h264",
  });
});
