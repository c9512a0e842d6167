import { expect, test } from "bun:test";
import { callsOf } from "#dashboard/docs/openapi.ts";
import { servedDocument } from "#tests/support/openapi.ts";

test("the page of the API shows every call of the document", () => {
  const document = servedDocument();
  const described = Object.values<object>(document.paths).flatMap((path) => Object.values(path));
  const ids = described.flatMap(({ operationId }) => operationId ?? []);
  expect(ids).toContain("changeJob");
  expect(callsOf(document).map(({ operationId }) => operationId)).toEqual(expect.arrayContaining(ids));
});
