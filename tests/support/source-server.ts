import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

export type Asked = { method: string; path: string; headers: IncomingHttpHeaders; socket: Socket };

type Options = { host?: string; port?: number; tls?: { key: string; cert: string } };

/** A server that answers each request, the n-th from 0, with whatever bytes the test writes to the socket. */
export async function sourceServer(
  answer: (asked: Asked, n: number) => void,
  { host = "127.0.0.1", port = 0, tls }: Options = {},
) {
  const requests: Asked[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const converse = (socket: Socket) => {
    sockets.add(socket);
    connections += 1;
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let text = "";
    socket.on("data", (piece) => {
      text += piece.toString("latin1");
      if (!text.includes("\r\n\r\n")) return;
      const asked = { ...parsed(text), socket };
      text = "";
      answer(asked, requests.push(asked) - 1);
    });
  };

  const server = tls ? createTlsServer(tls, converse) : createServer(converse);
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");

  return {
    port: address.port,
    url: `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    requests,
    /** How many there have been. */
    get connections() {
      return connections;
    },
    /** Resolves when no connection is left. */
    async idle() {
      for (const socket of sockets) await new Promise((resolve) => socket.once("close", resolve));
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function parsed(text: string) {
  const [first = "", ...lines] = text.slice(0, text.indexOf("\r\n\r\n")).split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers: IncomingHttpHeaders = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { method, path, headers };
}

/** The head of an answer, as it goes over the wire. */
export const head = (status: number, headers: Readonly<Record<string, string | number>> = {}) =>
  [`HTTP/1.1 ${status} Whatever`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), "", ""].join(
    "\r\n",
  );

export function reply(socket: Socket, status: number, headers: Readonly<Record<string, string | number>>, body = "") {
  socket.end(head(status, { Connection: "close", "Content-Length": Buffer.byteLength(body), ...headers }) + body);
}

/** Sends what was asked for of these bytes, with ranges, under this ETag; `upTo` cuts the connection there. */
export function sendFile({ headers, socket }: Asked, file: Uint8Array, etag: string, upTo = file.length) {
  const [, first, last] = (headers["if-range"] === etag && /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "")) || [];
  const [start, end] = [Number(first ?? 0), last ? Number(last) + 1 : file.length];
  const range = first ? { "Content-Range": `bytes ${start}-${end - 1}/${file.length}` } : {};
  const always = { Connection: "close", "Content-Length": end - start, "Accept-Ranges": "bytes", ETag: etag };
  socket.write(head(first ? 206 : 200, { ...always, ...range }));
  socket.end(file.subarray(start, Math.min(end, Math.max(start, upTo))));
}
