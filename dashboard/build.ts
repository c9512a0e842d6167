/** Builds the pages, their scripts and their styles into files that are ready to be served. */
import { gzipSync } from "bun";

/** A file of the dashboard: its media type, and its bytes compressed with gzip. */
export type Asset = { type: string; body: Blob };

/** The files of the dashboard by their names below `/assets/`; `index.html` and `docs.html` are the pages. */
export type Assets = ReadonlyMap<string, Asset>;

const here = import.meta.dir;

export async function buildDashboard(): Promise<Assets> {
  const { outputs } = await Bun.build({
    entrypoints: [`${here}/index.html`, `${here}/docs.html`],
    target: "browser",
    minify: true,
    splitting: true,
    publicPath: "/assets/",
    naming: { entry: "[name].[ext]", chunk: "[name]-[hash].[ext]", asset: "[name]-[hash].[ext]" },
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const files = outputs.map(async (file) => {
    const body = new Blob([gzipSync(await file.arrayBuffer(), { level: 9 })]);
    return [file.path.replace(/^\.?\//, ""), { type: file.type, body }] as const;
  });
  return new Map(await Promise.all(files));
}
