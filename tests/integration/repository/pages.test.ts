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

  test("is merged to its end", async () => {
    expect((await read(page)).match(/^(<{7}|={7}|>{7})( .*)?$/gm)).toBeNull();
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

const translations = [
  { english: "README.md", japanese: "README.ja.md" },
  { english: "docs/api.md", japanese: "docs/ja/api.md" },
  { english: "docs/deploy/README.md", japanese: "docs/ja/deploy.md" },
  { english: "docs/operations.md", japanese: "docs/ja/operations.md" },
  { english: "docs/presets.md", japanese: "docs/ja/presets.md" },
  { english: "docs/storage.md", japanese: "docs/ja/storage.md" },
];

test.each(translations)("$japanese keeps step with $english: headings, blocks, tables, links, code", async (pages) => {
  const { english, japanese } = pages;
  const shape = (page: string, text: string) => ({
    headings: headings(text).map(([, level]) => level),
    blocks: text.match(blocks) ?? [],
    rows: text.match(/^\|.*\|$/gm)?.length,
    // A page leads to the translation of another where there is one, whose headings have other names.
    links: distinct(links(text).flatMap((link) => englishTarget(page, link) ?? [])),
    code: page.startsWith("README") ? undefined : distinct(text.replace(blocks, "").match(/`[^`\n]+`/g) ?? []),
  });
  expect(shape(japanese, await read(japanese))).toEqual(shape(english, await read(english)));
});

const distinct = (texts: readonly string[]) => [...new Set(texts)].sort();

/** The English page that a link leads to, from the root; undefined for links between the two of a pair. */
function englishTarget(page: string, link: string) {
  if (/^[a-z]+:/.test(link)) return link;
  const [path = ""] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  const english = translations.find(({ japanese }) => japanese === target)?.english ?? target;
  const self = translations.find(({ japanese }) => japanese === page)?.english ?? page;
  return english === self ? undefined : english;
}

test("the picture of the dashboard is small", () => {
  expect(Bun.file(join(root, "docs/dashboard.jpg")).size).toBeLessThan(200_000);
});
