/** What watchers of a job have read: event numbers, and when by `performance.now()`. */
export type Arrivals = { sequence: number; at: number }[];

/** Watches one job with so many connections; resolves when each has its first bytes. */
export async function watchJob(url: string, jobId: string, count: number) {
  const { hostname, port } = new URL(url);
  const arrivals: Arrivals = [];
  const request = `GET /api/v1/jobs/${jobId}/stream HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;

  // Plain sockets: fetch opens 256 connections at most, and what it costs to read is not to be measured.
  const watch = async () => {
    const begun = Promise.withResolvers<void>();
    const socket = await Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        open: (opened) => void opened.write(request),
        data(_socket, bytes) {
          const at = performance.now();
          begun.resolve();
          for (const [, sequence] of bytes.toString("latin1").matchAll(/^id: (\d+)$/gm)) {
            arrivals.push({ sequence: Number(sequence), at });
          }
        },
      },
    });
    await begun.promise;
    return socket;
  };

  const sockets: Awaited<ReturnType<typeof watch>>[] = [];
  while (sockets.length < count) {
    const batch = Math.min(50, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: batch }, watch))));
  }
  return {
    arrivals,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.end();
    },
  };
}
