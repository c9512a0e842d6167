import { join } from "node:path";

const modules = join(import.meta.dir, "../../../node_modules");

const scripts: Readonly<Record<string, string>> = {
  "/hls.js": join(modules, "hls.js/dist/hls.min.js"),
  "/dash.js": join(modules, "dashjs/dist/modern/umd/dash.all.min.js"),
  "/shaka.js": join(modules, "shaka-player/dist/shaka-player.compiled.js"),
  "/page.js": join(import.meta.dir, "page.js"),
};

const page = "<!doctype html><video muted></video>";

/** Outputs as a bucket serves them, and a page with a video; the players are scripts to be added to it. */
export function serveOutputs(root: string) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch({ url }) {
      const { pathname } = new URL(url);
      const script = scripts[pathname];
      if (script) return new Response(Bun.file(script));
      if (pathname === "/") return new Response(page, { headers: { "content-type": "text/html" } });
      const file = Bun.file(join(root, decodeURIComponent(pathname)));
      return (await file.exists()) ? new Response(file) : new Response("nothing here", { status: 404 });
    },
  });
  return { url: server.url.origin, [Symbol.asyncDispose]: () => server.stop(true) };
}
