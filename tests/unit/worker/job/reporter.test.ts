import { expect, test } from "bun:test";
import { makeFeed } from "#shared/job/feed.ts";
import { makeReporter } from "#worker/job/reporter.ts";

function reporting(attempt = 1) {
  const clock = { ms: 0, setBy: 0 };
  const feed = makeFeed();
  const reporter = makeReporter(
    { jobId: "job" },
    attempt,
    feed,
    () => clock.ms + clock.setBy,
    () => clock.ms,
  );
  const said = async () => {
    feed.close();
    return Array.fromAsync(feed.follow(0, new AbortController().signal));
  };
  return { clock, reporter, said };
}

test("progress is told at most four times in any second", async () => {
  const { clock, reporter, said } = reporting();
  for (; clock.ms < 3_000; clock.ms += 10) reporter.report({ status: "processing", progress: clock.ms / 30 });
  const times = (await said()).map((event) => Date.parse(event.timestamp));
  expect(times.length).toBeGreaterThan(10);
  for (const start of times)
    expect(times.filter((at) => at >= start && at < start + 1_000).length).toBeLessThanOrEqual(4);
});

test("a clock that is set back silences no progress", async () => {
  const { clock, reporter, said } = reporting();
  for (; clock.ms < 2_000; clock.ms += 100) {
    if (clock.ms === 1_000) clock.setBy = -3_600_000;
    reporter.report({ status: "processing" });
  }
  expect((await said()).length).toBe(8);
});

test("a transition is told at once, however much was told before it", async () => {
  const { reporter, said } = reporting();
  for (let n = 0; n < 20; n += 1) reporter.report({ status: "processing" });
  reporter.report({ status: "uploading" });
  expect((await said()).at(-1)?.status).toBe("uploading");
});

test("what is done next is told at once, and its figures are not", async () => {
  const { reporter, said } = reporting();
  for (let n = 0; n < 20; n += 1) reporter.report({ status: "processing", message: `Encoding frame ${n}/20` });
  for (let n = 0; n < 20; n += 1) reporter.report({ status: "processing", message: `Measuring quality ${n} %` });
  const messages = (await said()).map(({ message }) => message);
  expect(messages).toHaveLength(5);
  expect(messages.at(-1)).toBe("Measuring quality 0 %");
});

test("progress never goes back", async () => {
  const { clock, reporter, said } = reporting();
  for (const progress of [10, 50, 40, 60]) {
    reporter.report({ status: "processing", progress });
    clock.ms += 1_000;
  }
  expect((await said()).map((event) => event.progress)).toEqual([10, 50, 50, 60]);
});

test("the numbers of a later attempt are greater than all before", () => {
  const { reporter } = reporting(3);
  expect(reporter.toEvent({ status: "processing" })).toMatchObject({ sequence: 2_000_001, attempt: 3 });
});
