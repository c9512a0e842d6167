/** Writes what is put to it to the folder that is its argument, and answers once the disk has it. */
import { open } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2] ?? "";
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  maxRequestBodySize: 2 ** 40,
  async fetch(request) {
    const path = join(folder, "put");
    await Bun.write(path, request);
    await using file = await open(path);
    await file.datasync();
    return new Response(null, { status: 204 });
  },
});
process.stdout.write(`${JSON.stringify({ msg: "serving", url: `${server.url.origin}/put` })}\n`);
