import { expect, test } from "bun:test";
import { packets, planned, source } from "#tests/support/plan-sources.ts";

test("a movie and its poster come from one decoded source", () => {
  const { args, files } = planned("720p_h264_poster");
  expect(args.filter((arg) => arg === "-i")).toHaveLength(1);
  expect(args.join(" ")).toContain("[0:0]split=2[s0][s1]");
  expect(files.map(({ name }) => name)).toEqual(["output.mp4", "output.poster.jpg"]);
});

test("a poster of a long video looks at keyframes only, where there are enough of them", () => {
  const long = (keyframes: number) =>
    source(
      { packets: packets({ keyframes: Array.from({ length: keyframes }, (_, at) => at) }) },
      { durationSeconds: 600 },
    );
  expect(planned("poster", long(300)).args).toContain("-skip_frame");
  expect(planned("poster", long(1)).args).not.toContain("-skip_frame");
  expect(planned("poster").args).not.toContain("-skip_frame");
});
