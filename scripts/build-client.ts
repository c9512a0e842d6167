/** Builds the client for other runtimes than Bun into dist/client: one module, and its types. */
import { cp } from "node:fs/promises";

export async function buildClient(outdir = "dist/client") {
  await Bun.build({ entrypoints: ["client/client.ts"], outdir, target: "browser", format: "esm" });
  const tsc = Bun.spawn([process.execPath, "x", "tsc", "-p", "client", "--outDir", outdir], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if ((await tsc.exited) !== 0) throw new Error("the client's types could not be made");
  await cp("client/api.d.ts", `${outdir}/api.d.ts`);
}

if (import.meta.main) await buildClient();
