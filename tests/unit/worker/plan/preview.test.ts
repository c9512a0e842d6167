import { expect, test } from "bun:test";
import { planned, source } from "#tests/support/plan-sources.ts";

test("a preview of a long video looks for its moments instead of decoding everything", () => {
  const { args } = planned("preview", source({}, { durationSeconds: 600 }));
  expect(args.filter((_, at) => args[at - 1] === "-ss")).toEqual(["74.500", "224.500", "374.500", "524.500"]);
  expect(args.join(" ")).toContain("[0:0][1:0][2:0][3:0]concat=n=4,split=1[s0]");
  expect(planned("preview").args).not.toContain("-ss");
});

test("a preview of a transport stream decodes everything, because it has no index", () => {
  const { args } = planned("preview", source({}, { format: "mpegts", durationSeconds: 600 }));
  expect(args).not.toContain("-ss");
  expect(args.join(" ")).toContain("between(t,74.500,");
});
