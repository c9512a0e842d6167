/** Serves the file that is its argument, or a range of it, as web servers do, and names its version. */
const file = Bun.file(process.argv[2] ?? "");
const always = { etag: '"1"', "accept-ranges": "bytes" };

function answer(request: Request): Response {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "") ?? [];
  if (first === undefined) return new Response(file, { headers: always });
  const [from, to] = [Number(first), last ? Number(last) + 1 : file.size];
  const headers = { ...always, "content-range": `bytes ${from}-${to - 1}/${file.size}` };
  return new Response(file.slice(from, to), { status: 206, headers });
}

const { url } = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
process.stdout.write(`${JSON.stringify({ msg: "serving", url: `${url.origin}/source.mp4` })}\n`);

export {};
