import { once } from "node:events";
import { connect, createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";

export type BootFront = Awaited<ReturnType<typeof startBootFront>>;

/**
 * What Cloud Run and Container Apps put in front of a machine that sleeps: it accepts every connection at once and
 * speaks HTTP/2 itself, pings included. A request starts the machine, and is held until that has booted, which is when
 * the test says so.
 */
export async function startBootFront(port: number) {
  let booted = Promise.withResolvers<void>();
  const server = createServer();
  const calls: { path: string; timeoutMs: number }[] = [];

  const passOn = async (near: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    calls.push({ path: String(headers[":path"]), timeoutMs: timeoutIn(headers["grpc-timeout"]) });
    near.on("error", () => {});
    await booted.promise;
    if (near.destroyed) return;
    const session = connect(`http://127.0.0.1:${port}`);
    session.on("error", () => near.close());
    const far = session.request({ ...headers, ":authority": `127.0.0.1:${port}` });
    far.on("error", () => near.close());
    near.on("close", () => {
      far.close();
      session.close();
    });
    far.once("response", (response, flags) => {
      // A call that fails at once has its trailers as headers.
      const isWhole = (flags & 1) !== 0;
      near.respond(response, { waitForTrailers: !isWhole, endStream: isWhole });
      const trailers = new Promise<IncomingHttpHeaders>((resolve) => far.once("trailers", resolve));
      near.on("wantTrailers", () => void trailers.then((sent) => near.sendTrailers(sent)));
      if (!isWhole) far.pipe(near);
    });
    near.pipe(far);
  };
  server.on("stream", (near, headers) => void passOn(near as ServerHttp2Stream, headers));
  server.on("sessionError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });

  return {
    /** Where the worker is to listen. */
    port,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The calls that have come since it fell asleep, of which the first starts the machine, with how long their caller waits. */
    calls,
    isWoken: () => calls.length > 0,
    /** Ends the boot: what was held goes to the worker. */
    boot: () => booted.resolve(),
    /** Puts the machine to sleep: what comes from now on is held until the next boot. */
    sleep() {
      booted = Promise.withResolvers();
      calls.length = 0;
    },
    [Symbol.dispose]() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

const unitsMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** A timeout of gRPC over HTTP/2, such as 2000m, in milliseconds; none is infinite. */
function timeoutIn(header: string | string[] | undefined) {
  const text = String(header ?? "");
  return text ? Number.parseInt(text, 10) * (unitsMs[text.slice(-1)] ?? Number.NaN) : Number.POSITIVE_INFINITY;
}
