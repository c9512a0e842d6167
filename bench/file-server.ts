/** Serves the file that is its argument, whatever is asked for. */
const file = Bun.file(process.argv[2] ?? "");
const { url } = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(file) });
process.stdout.write(`${JSON.stringify({ msg: "serving", url: `${url.origin}/source.mp4` })}\n`);
