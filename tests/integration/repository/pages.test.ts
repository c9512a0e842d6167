import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { settings } from "#controlplane/config.ts";
import { WorkerEnv } from "#worker/config.ts";

const root = join(import.meta.dir, "../../..");
const pages = ["*.md", "docs/**/*.md", "deploy/**/*.md"].flatMap((pattern) => [
  ...new Bun.Glob(pattern).scanSync({ cwd: root }),
]);
const read = (page: string) => Bun.file(join(root, page)).text();

const blocks = /^```.*?^```$/gms;
const prose = (text: string) => text.replace(blocks, "").replace(/`[^`\n]*`/g, "");
const links = (text: string) => [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
const headings = (text: string) => [...text.replace(blocks, "").matchAll(/^(#+) (.*)$/gm)];

describe.each(pages)("%s", (page) => {
  test("leads to pages and headings that are there", async () => {
    const broken = [];
    for (const link of links(await read(page)).filter((target) => !/^[a-z]+:/.test(target))) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(root, target)) || (anchor && !(await anchors(target)).includes(anchor))) broken.push(link);
    }
    expect(broken).toEqual([]);
  });

  test("shows shell that a shell can read", async () => {
    const shown = [...(await read(page)).matchAll(/^```sh.*?\n(.*?)^```$/gms)].map(([, block = ""]) => block);
    const unreadable = shown.filter((block) => Bun.spawnSync(["bash", "-n", "-c", block]).exitCode !== 0);
    expect(unreadable).toEqual([]);
  });
});

/** As GitHub makes them of headings. */
const anchors = async (page: string) =>
  headings(await read(page)).map(([, , heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );

test("the README names settings that there are", async () => {
  const known = [...Object.keys(settings), ...Object.keys(WorkerEnv.entries)];
  const rows = [...(await read("README.md")).matchAll(/^\| (`[A-Z][A-Z0-9_]+`.*?) \|/gm)].map(([, cell = ""]) => cell);
  const named = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

test("the Japanese README keeps step with the English one: headings, blocks, tables, links", async () => {
  const shape = (text: string) => ({
    headings: headings(text).map(([, level]) => level),
    blocks: text.match(blocks),
    rows: text.match(/^\|.*\|$/gm)?.length,
    links: new Set(links(text).filter((link) => !/^README/.test(link))),
  });
  expect(shape(await read("README.ja.md"))).toEqual(shape(await read("README.md")));
});

test("the picture of the dashboard is small", () => {
  expect(Bun.file(join(root, "docs/dashboard.jpg")).size).toBeLessThan(200_000);
});
