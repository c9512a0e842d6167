/** Fails unless each file below tests/unit is the test of the source file at the same place, and stays in this process. */
import { existsSync } from "node:fs";

const folder = "tests/unit";
const suffix = ".test.ts";
const outside =
  /\bBun\.(file|write|spawn|spawnSync|serve|listen|connect|Glob|sleep)\b|"node:(?!crypto|path|util)\w+|\bfetch\(/;

async function problemsOf(name: string): Promise<string[]> {
  if (!name.endsWith(suffix)) return ["only tests lie here: move what they share to tests/support"];
  const source = name.slice(0, -suffix.length);
  const [use] = outside.exec(await Bun.file(`${folder}/${name}`).text()) ?? [];
  return [
    ...([".ts", ".tsx"].some((extension) => existsSync(`${source}${extension}`)) ? [] : [`there is no ${source}.ts`]),
    ...(use === undefined ? [] : [`${use}: what uses disk, network, processes or time belongs in tests/integration`]),
  ];
}

const names = await Array.fromAsync(new Bun.Glob("**/*").scan({ cwd: folder }));
const problems = await Promise.all(
  names.map(async (name) => (await problemsOf(name)).map((problem) => `${folder}/${name}: ${problem}`)),
);
for (const problem of problems.flat().sort()) console.error(problem);
process.exit(problems.flat().length === 0 ? 0 : 1);
