/** The least that takes orders and keeps them: `enqueue.ts <port> <file of SQLite or URL of Redis>`. */
import { Database } from "bun:sqlite";
import { RedisClient } from "bun";

const [port, place = ""] = process.argv.slice(2);

function openStore(): (id: string, text: string) => unknown {
  if (place.startsWith("redis:")) {
    const client = new RedisClient(place);
    return (id, text) => client.set(`floor:${id}`, text);
  }
  const database = new Database(place);
  database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA synchronous = FULL");
  database.run("CREATE TABLE orders (id TEXT PRIMARY KEY, text TEXT)");
  const insert = database.query("INSERT INTO orders VALUES (?, ?)");
  return (id, text) => insert.run(id, text);
}

const store = openStore();
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port ?? 0),
  async fetch(request) {
    const id = Bun.randomUUIDv7();
    await store(id, JSON.stringify(await request.json()));
    return Response.json({ job_id: id, status: "queued" }, { status: 202 });
  },
});
console.log(JSON.stringify({ msg: "listening", url: server.url.origin }));
