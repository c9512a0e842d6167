/** Compiles the parts named as arguments, or all of them, into single executables in dist/; `client` is a module. */
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { buildClient } from "./build-client.ts";
import { embeddedAssets } from "./build-dashboard.ts";

const entries = {
  controlplane: "controlplane/main.ts",
  worker: "worker/main.ts",
  flux: "cli/main.ts",
  lambda: "deploy/lambda/main.ts",
} as const;

const assetsModule = fileURLToPath(new URL("../dashboard/assets.ts", import.meta.url));

async function build(part: string, entry: string) {
  const outfile = `dist/${part}`;
  await Bun.build({
    entrypoints: [entry],
    files: { [assetsModule]: dashboard },
    compile: {
      outfile,
      // What lies in the folder it is started from must not change what it does.
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
    minify: true,
    bytecode: true,
    format: "esm",
    // What is imported on first use, such as the AWS SDK, then takes no memory before it.
    splitting: true,
  });
  const { size } = await stat(outfile);
  console.log(`${outfile}  ${Math.round(size / 2 ** 20)} MiB`);
}

const dashboard = await embeddedAssets();
const asked = process.argv.slice(2);
for (const [part, entry] of Object.entries(entries)) {
  if (asked.length === 0 || asked.includes(part)) await build(part, entry);
}
if (asked.length === 0 || asked.includes("client")) {
  await buildClient();
  console.log("dist/client");
}
