/** What an attacker knows: a key, and an order that would be a good one. */
type Known = { key: string; order: string };

type Said = (known: Known) => string | Buffer;

const head = ({ key }: Known, ...more: string[]) =>
  [
    "POST /api/v1/jobs HTTP/1.1",
    "Host: localhost",
    `Authorization: Bearer ${key}`,
    "Content-Type: application/json",
    ...more,
    "",
    "",
  ].join("\r\n");
const sized =
  (...more: string[]): Said =>
  (known) =>
    head(known, ...more, `Content-Length: ${Buffer.byteLength(known.order)}`) + known.order;
const chunksOf = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`;
const chunked =
  (...more: string[]): Said =>
  (known) =>
    head(known, ...more) + chunksOf(known.order);
/** Another request in the body of one that ends before it. */
const hidden =
  (...more: string[]): Said =>
  (known) =>
    `${head(known, ...more)}0\r\n\r\n${sized()(known)}`;
const chunks =
  (make: (order: string) => string): Said =>
  (known) =>
    head(known, "Transfer-Encoding: chunked") + make(known.order);
const changed =
  (change: (text: string) => string): Said =>
  (known) =>
    change(String(sized()(known)));
const get =
  (target: string, ...more: string[]): Said =>
  ({ key }) =>
    [
      "GET",
      ` ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n`,
      ...more.map((line) => `${line}\r\n`),
      "\r\n",
    ].join("");

/** Requests that say two things, or what HTTP forbids, byte by byte; none of them may be carried out. */
export const malformed: Record<string, Said> = {
  "a length and chunks": hidden("Content-Length: 5", "Transfer-Encoding: chunked"),
  "chunks and a length": hidden("Transfer-Encoding: chunked", "Content-Length: 5"),
  "two lengths": sized("Content-Length: 5"),
  "a list of lengths": changed((text) => text.replace(/(Content-Length: \d+)/, "$1, 5")),
  "a length with a sign": changed((text) => text.replace("Content-Length: ", "Content-Length: +")),
  "a negative length": changed((text) => text.replace("Content-Length: ", "Content-Length: -")),
  "a length in hex": changed((text) => text.replace("Content-Length: ", "Content-Length: 0x")),
  "a length beyond every integer": changed((text) =>
    text.replace("Content-Length: ", "Content-Length: 9999999999999999999"),
  ),
  "an empty length": changed((text) => text.replace(/Content-Length: \d+/, "Content-Length:")),
  "a blank before the colon": changed((text) => text.replace("Content-Length:", "Content-Length :")),
  "two codings": hidden("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
  "chunks within something": chunked("Transfer-Encoding: chunked, identity"),
  "something within chunks": chunked("Transfer-Encoding: identity, chunked"),
  "a coding that nobody knows": chunked("Transfer-Encoding: xchunked"),
  "a coding behind a vertical tab": chunked("Transfer-Encoding:\x0bchunked"),
  "a coding with a blank before the colon": chunked("Transfer-Encoding : chunked"),
  "a coding on a folded line": chunked("Transfer-Encoding:\r\n chunked"),
  "chunks in HTTP/1.0": (known) => String(chunked("Transfer-Encoding: chunked")(known)).replace("HTTP/1.1", "HTTP/1.0"),
  "a chunk of a negative size": chunks((order) => `-${chunksOf(order)}`),
  "a chunk with 0x": chunks((order) => `0x${chunksOf(order)}`),
  "a chunk beyond every integer": chunks((order) => `fffffffffffffff${chunksOf(order)}`),
  "chunks with bare line feeds": chunks((order) => chunksOf(order).replaceAll("\r\n", "\n")),
  "a line feed in a chunk's extension": chunks((order) => chunksOf(order).replace("\r\n", ";a\nb\r\n")),
  "bare line feeds": changed((text) => text.replaceAll("\r\n", "\n")),
  "one bare line feed": changed((text) => text.replace("localhost\r\n", "localhost\n")),
  "a bare carriage return": sized("X: a\rContent-Length: 5"),
  "a folded line": sized("X: a\r\n b"),
  "a zero byte in a value": sized("X: a\0b"),
  "a zero byte in a name": sized("X\0Y: b"),
  "a line without a colon": sized("Nothing"),
  "a name with a blank": sized("X Y: b"),
  "a name that is empty": sized(": b"),
  "no host": changed((text) => text.replace("Host: localhost\r\n", "")),
  "two hosts": sized("Host: elsewhere.test"),
  "a host with a blank": changed((text) => text.replace("Host: localhost", "Host: local host")),
  "a host with a path": changed((text) => text.replace("Host: localhost", "Host: localhost/healthz?")),
  "a host with a user": changed((text) => text.replace("Host: localhost", "Host: me@localhost")),
  "a host that is none": changed((text) => text.replace("Host: localhost", "Host: [")),
  "two keys": sized("Authorization: Bearer another"),
  "a version that nobody speaks": changed((text) => text.replace("HTTP/1.1", "HTTP/9.9")),
  "no version": () => "GET /api/v1/jobs\r\n\r\n",
  "the preface of HTTP/2": () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "a handshake of TLS": () => Buffer.from("16030100a5010000a10303", "hex"),
  "a method in lower case": changed((text) => text.replace("POST", "post")),
  "a method that is none": changed((text) => text.replace("POST", "P\0ST")),
  "a blank in the path": changed((text) => text.replace("/jobs", "/jobs /x")),
  "a zero byte in the path": changed((text) => text.replace("/jobs", "/jobs\0")),
  "a path of 20 kB": get(`/${"a".repeat(20_000)}`),
  "a header of 20 kB": sized(`X: ${"y".repeat(20_000)}`),
  "300 headers": sized(...Array<string>(300).fill("X: y")),
  "a compressed body": (known) => {
    const body = Bun.gzipSync(Buffer.alloc(900_000, " "));
    return Buffer.concat([Buffer.from(head(known, "Content-Encoding: gzip", `Content-Length: ${body.length}`)), body]);
  },
  "a body of 1 TB": (known) => head(known, "Expect: 100-continue", "Content-Length: 1099511627776"),
  "a tunnel": () => "CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n",
  "an echo": changed((text) => text.replace("POST", "TRACE")),
};

/** Paths that lead past the routes, or out of a folder. */
export const crookedPaths: Record<string, Said> = Object.fromEntries(
  [
    "/assets/../../../../etc/passwd",
    "/assets/..%2f..%2f..%2fetc%2fpasswd",
    "/assets/%2e%2e/%2e%2e/package.json",
    "/assets/..%5c..%5cpackage.json",
    "/assets/index.html%00.js",
    "/assets/constructor",
    "/.git/config",
    "/proc/self/environ",
    "/api/v1/jobs/..%2f..%2fetc%2fpasswd",
    "/api/v1/jobs/%2e%2e%2frecords",
    "/api/v1/jobs/%ff%fe",
    "/api/v1/jobs/%00",
    "/api/v1/jobs/__proto__",
    "/api/v1/jobs/constructor/stream",
    `/api/v1/jobs/${"a".repeat(65)}`,
    "/api/v1/jobs/a%0d%0aX-Injected:%20yes",
    "//api/v1/jobs",
    "/api%2fv1%2fjobs",
    "/API/v1/jobs",
    "/api/v1/jobs;x=1",
    "/api/v1/jobs?limit=1e9",
    "/api/v1/jobs?cursor=../../x",
    "/api/v1/jobs?status=__proto__",
  ].map((path) => [path, get(path)]),
);
