import { gzipSync } from "node:zlib";
import { type Asked, head, reply, sendFile } from "#tests/support/source-server.ts";

type Answer = (asked: Asked, n: number) => void;
const raw =
  (text: string) =>
  (): Answer =>
  ({ socket }) =>
    socket.write(text);
const closing =
  (text: string) =>
  (): Answer =>
  ({ socket }) =>
    socket.end(text);

/** Sends a beginning, and then the same again and again for as long as somebody listens. */
const endless =
  (beginning: string | Uint8Array, piece: string | Uint8Array, everyMs = 0) =>
  (): Answer =>
  ({ socket }) => {
    socket.write(beginning);
    const timer = setInterval(() => socket.write(piece), everyMs);
    socket.on("close", () => clearInterval(timer));
  };

const long = (bytes: number) => "x".repeat(bytes);
/** More than the largest source, of a thousandth of it. */
const bomb = gzipSync(Buffer.alloc(100_000_000));
/** A block of deflate that is stored, and empty. */
const emptyBlock = Buffer.from([0, 0, 0, 0xff, 0xff]);
const ok = head(200, { "Content-Length": 1_000 });
const chunked = head(200, { "Transfer-Encoding": "chunked" });

/** Servers that nothing good comes from, by what each does; they are told the canaries' port. */
export const behaviours: Record<string, (port: number) => Answer> = {
  "says nothing": raw(""),
  "closes at once": closing(""),
  "resets at once":
    () =>
    ({ socket }) =>
      socket.resetAndDestroy(),
  "speaks another protocol": raw("SSH-2.0-OpenSSH_9.2\r\n"),
  "speaks TLS": raw("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
  "speaks HTTP/0.9": closing("video"),
  "speaks HTTP/2": raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  "sends a status line only": raw("HTTP/1.1 200 OK\r\n"),
  "sends half a head": raw("HTTP/1.1 200 OK\r\nContent-Le"),
  "sends a head without end": endless("HTTP/1.1 200 OK\r\n", `X: ${long(1_000)}\r\n`),
  "sends a header without end": endless("HTTP/1.1 200 OK\r\nX: ", long(1_000)),
  "sends a head byte by byte": endless("HTTP/1.1 200 OK\r\nX: ", "x", 10),
  "sends interim answers without end": endless("", "HTTP/1.1 103 Early Hints\r\n\r\n"),
  "sends a status that is no number": raw("HTTP/1.1 abc OK\r\n\r\n"),
  "sends a status of two digits": raw("HTTP/1.1 20 OK\r\n\r\n"),
  "sends a zero byte in a header": raw("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n"),
  "switches protocols": closing("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
  "sends a negative length": closing(`${head(200, { "Content-Length": -1 })}video`),
  "sends a length that is no number": closing(`${head(200, { "Content-Length": "5e3" })}video`),
  "sends two lengths": closing("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nvideo!"),
  "sends a length beyond every integer": closing(`${head(200, { "Content-Length": "9".repeat(30) })}video`),
  "announces a body over the limit": raw(head(200, { "Content-Length": 100_001 })),
  "announces more than a disk holds": raw(head(200, { "Content-Length": 2 ** 52 })),
  "sends a body without end": endless(head(200), long(10_000)),
  "sends chunks without end": endless(chunked, `2710\r\n${long(10_000)}\r\n`),
  "sends a chunk of a negative size": closing(`${chunked}-5\r\nvideo\r\n0\r\n\r\n`),
  "sends a chunk beyond every integer": closing(`${chunked}${"f".repeat(20)}\r\nvideo`),
  "sends trailers without end": endless(`${chunked}5\r\nvideo\r\n0\r\n`, `X: ${long(1_000)}\r\n`),
  "stalls before the body": raw(ok),
  "stalls within the body": raw(`${ok}video`),
  "sends a byte now and then": endless(ok, "x", 20),
  "cuts the body short": closing(`${ok}video`),
  "sends an empty body": closing(head(200, { "Content-Length": 0 })),
  "sends no content": closing(head(204)),
  "sends a bomb of gzip":
    () =>
    ({ socket }) => {
      socket.write(head(200, { "Content-Encoding": "gzip", "Content-Length": bomb.length }));
      socket.write(bomb);
    },
  "sends a bomb of gzip in gzip":
    () =>
    ({ socket }) => {
      socket.write(head(200, { "Content-Encoding": "gzip, gzip" }));
      socket.end(gzipSync(bomb));
    },
  "sends gzip that comes to nothing, without end": endless(
    Buffer.concat([Buffer.from(head(200, { "Content-Encoding": "gzip" })), gzipSync("").subarray(0, 10)]),
    Buffer.alloc(10_000).fill(emptyBlock),
  ),
  "compresses over and over": closing(`${head(200, { "Content-Encoding": Array(1_000).fill("gzip").join() })}video`),
  "sets cookies without end":
    () =>
    ({ socket, path }) => {
      const cookies = Array.from({ length: 40 }, (_, n) => `Set-Cookie: ${path.length}-${n}=${long(300)}\r\n`).join("");
      socket.end(`HTTP/1.1 302 Found\r\n${cookies}Location: ${path}a\r\nContent-Length: 0\r\n\r\n`);
    },
  "sets a cookie for the canary":
    (port) =>
    ({ socket }) =>
      reply(socket, 302, { "Set-Cookie": "a=b; Domain=127.0.0.1", Location: `http://127.0.0.1:${port}/` }),
  "sends a range from the middle": closing(
    `${head(206, { "Content-Range": "bytes 5-9/10", "Content-Length": 5 })}video`,
  ),
  "sends a range of nothing": closing(`${head(206, { "Content-Range": "bytes */0", "Content-Length": 0 })}`),
  "sends several ranges": closing(`${head(206, { "Content-Type": "multipart/byteranges; boundary=x" })}--x`),
  "redirects to itself":
    () =>
    ({ socket }) =>
      reply(socket, 302, { Location: "/" }),
  "redirects deeper each time":
    () =>
    ({ socket, path }) =>
      reply(socket, 302, { Location: `${path}a/` }),
  "redirects to a URL without end":
    () =>
    ({ socket }) =>
      reply(socket, 302, { Location: `http://${long(9_000)}/` }),
  "redirects to what is no URL":
    () =>
    ({ socket }) =>
      reply(socket, 302, { Location: "http://[" }),
  "redirects without saying where":
    () =>
    ({ socket }) =>
      reply(socket, 302, {}),
  "redirects to a canary with a user":
    (port) =>
    ({ socket }) =>
      reply(socket, 307, { Location: `http://me:safe@127.0.0.1:${port}/` }),
  "redirects to a canary by a network path":
    (port) =>
    ({ socket }) =>
      reply(socket, 308, { Location: `//127.0.0.1:${port}/` }),
  "redirects to a canary by a backslash":
    (port) =>
    ({ socket }) =>
      reply(socket, 302, { Location: `/\\127.0.0.1:${port}/` }),
  "refreshes to a canary":
    (port) =>
    ({ socket }) =>
      reply(socket, 200, { Refresh: `0;url=http://127.0.0.1:${port}/` }),
  "asks for a password":
    () =>
    ({ socket }) =>
      reply(socket, 401, { "WWW-Authenticate": "Basic" }),
  "asks for a proxy's password":
    () =>
    ({ socket }) =>
      reply(socket, 407, { "Proxy-Authenticate": "Basic" }),
  "offers the canary as a proxy":
    (port) =>
    ({ socket }) =>
      reply(socket, 305, { Location: `http://127.0.0.1:${port}/` }),
};

/** Servers that have their name looked up again, by when. */
export const rebinding: Record<string, Answer> = {
  "when the source is to be continued": (asked) => sendFile(asked, Buffer.from("a film"), '"v1"', 2),
  "when it redirects to itself": ({ socket }) => reply(socket, 302, { Location: "/again" }),
  "after a reset": ({ socket }) => socket.resetAndDestroy(),
};
