import { expect, test } from "bun:test";
import { makeSerial } from "#shared/async/serial.ts";
import { outcome } from "#tests/support/outcome.ts";

/** Work that says when it begins and ends, and ends when it is told. */
function makeWork(said: string[]) {
  return (name: string, failure?: Error) => {
    const ending = Promise.withResolvers<void>();
    const run = async () => {
      said.push(`${name} begins`);
      await ending.promise;
      said.push(`${name} ends`);
      if (failure) throw failure;
      return name;
    };
    return { run, end: ending.resolve };
  };
}

test("work of one key runs one after the other, also after a failure, and another key does not wait", async () => {
  const said: string[] = [];
  const work = makeWork(said);
  const serial = makeSerial();
  const [first, second, other] = [work("first", new Error("broken")), work("second"), work("other")];
  const failing = outcome(serial.run("a", first.run));
  const following = serial.run("a", second.run);
  const besides = serial.run("b", other.run);
  other.end();
  second.end();
  expect(await besides).toBe("other");
  expect(said).toEqual(["first begins", "other begins", "other ends"]);
  first.end();
  expect(await failing).toThrow("broken");
  expect(await following).toBe("second");
  expect(said.slice(3)).toEqual(["first ends", "second begins", "second ends"]);
});

test("a key is idle when what was given for it is over, whether it failed or not", async () => {
  const serial = makeSerial();
  const said: string[] = [];
  const { run, end } = makeWork(said)("one", new Error("broken"));
  await serial.idle("a");
  const running = outcome(serial.run("a", run));
  const idle = serial.idle("a").then(() => said.push("idle"));
  end();
  await idle;
  expect(said).toEqual(["one begins", "one ends", "idle"]);
  expect(await running).toThrow("broken");
});
