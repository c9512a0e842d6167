/** Compiles the parts named as arguments, or all of them, into single executables in dist/. */
import { stat } from "node:fs/promises";

const entries = { controlplane: "controlplane/main.ts", worker: "worker/main.ts", flux: "cli/main.ts" } as const;

async function build(part: string, entry: string) {
  const outfile = `dist/${part}`;
  await Bun.build({
    entrypoints: [entry],
    compile: {
      outfile,
      // A killed worker takes its ffmpeg with it, as `noOrphans` in bunfig.toml does for `bun run`.
      execArgv: ["--no-orphans"],
      // What lies in the folder it is started from must not change what it does.
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
    minify: true,
    bytecode: true,
    format: "esm",
  });
  const { size } = await stat(outfile);
  console.log(`${outfile}  ${Math.round(size / 2 ** 20)} MiB`);
}

const asked = process.argv.slice(2);
for (const [part, entry] of Object.entries(entries)) {
  if (asked.length === 0 || asked.includes(part)) await build(part, entry);
}
