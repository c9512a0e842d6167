/** The least that can tell many clients of events: what is posted goes to everyone who has a stream. */
const heartbeat = new TextEncoder().encode(":\n\n");
const readers = new Set<ReadableStreamDefaultController<Uint8Array>>();

const stream = () => {
  let reader: ReadableStreamDefaultController<Uint8Array>;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      reader = controller;
      readers.add(reader);
      reader.enqueue(heartbeat);
    },
    cancel: () => void readers.delete(reader),
  });
};

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2] ?? 0),
  async fetch(request) {
    if (request.method === "GET") return new Response(stream(), { headers: { "Content-Type": "text/event-stream" } });
    const event = await request.bytes();
    for (const reader of readers) reader.enqueue(event);
    return new Response();
  },
});
console.log(JSON.stringify({ msg: "listening", url: server.url.origin }));
