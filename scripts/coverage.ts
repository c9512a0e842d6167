/** Runs the whole suite with coverage: coverage/lcov.info, and coverage/summary.txt by top folder. */
import { readFile, writeFile } from "node:fs/promises";

const run = Bun.spawn(
  [process.execPath, "run", "--silent", "test", "--coverage", "--coverage-reporter=lcov", ...process.argv.slice(2)],
  { stdio: ["inherit", "inherit", "inherit"] },
);
process.exitCode = await run.exited;

const lcov = await readFile("coverage/lcov.info", "utf8");
const folders = new Map<string, { found: number; hit: number }>();

for (const record of lcov.split("end_of_record")) {
  const path = /^SF:(.+)$/m.exec(record)?.[1] ?? "";
  const folder = path.split("/")[0] ?? "";
  if (!folder || folder === "tests" || path.startsWith("proto/gen")) continue;
  for (const name of [folder, "all"]) {
    const { found, hit } = folders.get(name) ?? { found: 0, hit: 0 };
    folders.set(name, { found: found + countOf(record, "LF"), hit: hit + countOf(record, "LH") });
  }
}

const rows = [...folders].sort(([a], [b]) => a.localeCompare(b));
const summary = rows.map(([name, { found, hit }]) => {
  const percent = ((hit / Math.max(1, found)) * 100).toFixed(1);
  return `${name.padEnd(14)}${percent.padStart(6)} %  ${hit} of ${found} lines\n`;
});
await writeFile("coverage/summary.txt", summary.join(""));
console.log(`\nCoverage (coverage/lcov.info)\n${summary.join("")}`);

function countOf(record: string, key: "LF" | "LH"): number {
  return Number(new RegExp(`^${key}:(\\d+)$`, "m").exec(record)?.[1] ?? 0);
}
