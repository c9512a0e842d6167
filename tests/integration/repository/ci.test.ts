import { expect, test } from "bun:test";
import { join } from "node:path";
import { temporaryFolder } from "#tests/support/service.ts";

const files = {
  "one.test.ts": `
    import { expect, test } from "bun:test";
    test("holds", () => console.log("nobody asks for this"));
    test("differs", () => expect(Array.from({ length: 30 }, (_, n) => n)).toEqual([]));
    test("hangs", () => new Promise(() => {}), 10);`,
  "two.test.ts": `throw new Error("of a file that cannot be loaded");`,
};

test("what failed is told with its file and its error, and nothing else is", async () => {
  await using folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await Bun.write(join(folder.path, name), text);
  const run = Bun.spawn([process.execPath, "test"], {
    cwd: folder.path,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = await new Response(run.stderr).text();
  expect(await run.exited).not.toBe(0);

  // The line of a test may come before its error where files run side by side.
  const early = said.replace(/(error: expect(?:.*\n)*?)(\(fail\) differs .*\n)/, "$2$1");
  expect(early).not.toBe(said);
  for (const log of [said, early]) {
    const told = await Bun.$`.ci/failures < ${new Response(log)}`.text();
    const blocks = told.trim().split("\n\n");
    const blockOf = (words: string) => blocks.find((block) => block.includes(words)) ?? "";
    expect(blocks).toHaveLength(3);
    expect(blockOf("(fail) differs [")).toMatch(/^one\.test\.ts\n/);
    expect(blockOf("(fail) differs [")).toContain("\nerror: expect(received).toEqual(expected)\n  ...\n");
    expect(blockOf("(fail) hangs [")).toMatch(/^one\.test\.ts\n.*\n {2}\^ this test timed out after 10ms/);
    expect(blockOf("# Unhandled error")).toMatch(/\nerror: of a file that cannot be loaded\n.*two\.test\.ts/);
    expect(told).not.toMatch(/holds|nobody asks/);
  }
});
