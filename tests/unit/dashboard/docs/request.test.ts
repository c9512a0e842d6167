import { expect, test } from "bun:test";
import type { Call } from "#dashboard/docs/openapi.ts";
import { requestOf } from "#dashboard/docs/request.ts";

const text = { type: "string" };
const call: Call = {
  ...{ operationId: "a", tags: [], summary: "", responses: {}, method: "DELETE", path: "/api/v1/jobs/{id}" },
  parameters: [
    { name: "id", in: "path", schema: text },
    { name: "output", in: "query", schema: text },
    { name: "Prefer", in: "header", schema: text },
  ],
};

test("what is filled in goes where the document says, and cannot leave its place", () => {
  const parameters = { id: "a/../b?c", output: "true&x=1", Prefer: "wait" };
  expect(requestOf(call, { parameters, body: "" })).toEqual({
    ...{ method: "DELETE", headers: { Prefer: "wait" }, body: "" },
    path: "/api/v1/jobs/a%2F..%2Fb%3Fc?output=true%26x%3D1",
  });
});

test("what is empty is left out", () => {
  expect(requestOf(call, { parameters: { output: " " }, body: "" })).toMatchObject({
    path: "/api/v1/jobs/{id}",
    headers: {},
  });
});
