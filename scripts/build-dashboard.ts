/** Builds the dashboard into dist/dashboard and says how large it is, compressed. */
import { mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Assets, buildDashboard } from "#dashboard/build.ts";

const folder = fileURLToPath(new URL("../dist/dashboard/", import.meta.url));

/** Source text that takes the place of dashboard/assets.ts in a binary, with the built files inside. */
export async function embeddedAssets(): Promise<string> {
  const assets = await buildDashboard();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const entries = [...assets].map(async ([name, { type, body }], index) => {
    const path = `${folder}${name}.gz`;
    await Bun.write(path, body);
    return {
      load: `import file${index} from ${JSON.stringify(path)} with { type: "file" };`,
      entry: `[${JSON.stringify(name)}, { type: ${JSON.stringify(type)}, body: Bun.file(file${index}) }],`,
    };
  });
  const parts = await Promise.all(entries);
  console.log(`dist/dashboard  ${kilobytes(pageBytes(assets))} kB compressed, without the players`);
  return `${parts.map(({ load }) => load).join("\n")}
const assets = new Map([
${parts.map(({ entry }) => entry).join("\n")}
]);
export const loadAssets = async () => assets;
`;
}

const isPlayer = /^(hls|dash)-/;
const isDocs = /^docs/;

/** What the dashboard loads to show and do everything but play segmented outputs. */
export const pageBytes = (assets: Assets) =>
  [...assets].reduce((sum, [name, { body }]) => (isPlayer.test(name) || isDocs.test(name) ? sum : sum + body.size), 0);

const kilobytes = (bytes: number) => (bytes / 1_000).toFixed(1);

if (import.meta.main) await embeddedAssets();
