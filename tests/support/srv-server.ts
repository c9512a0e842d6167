import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { nameIn, questionAt, typeIn } from "./dns-stub.ts";

type Target = { name: string; port: number };

const typeSrv = 33;
const codes = { answers: 0, "server failure": 2, "no such name": 3, refuses: 5 } as const;
const largestDatagram = 512;

/**
 * A DNS server on loopback, over UDP and TCP, whose one name has the SRV records that `targets` holds, as
 * `host:port`, for so long a TTL. `how` says how it answers; "is silent" is not at all.
 */
export async function srvServer(name: string, { ttlSeconds = 0 } = {}) {
  const state = { targets: [] as readonly string[], how: "answers" as keyof typeof codes | "is silent" };
  const questions: string[] = [];
  const sockets = new Set<Socket>();

  const answerTo = (query: Buffer): Buffer | undefined => {
    const asked = nameIn(query).toLowerCase();
    questions.push(asked);
    if (state.how === "is silent") return undefined;
    const isKnown = asked === name && state.how === "answers";
    const targets = isKnown && typeIn(query) === typeSrv ? state.targets : [];
    return answer(query, targets.map(targetIn), { code: codes[isKnown ? "answers" : whyNot(state.how)], ttlSeconds });
  };

  const { datagrams, listener, port } = await listening();
  datagrams.on("message", (query, from) => {
    const whole = answerTo(query);
    if (whole) datagrams.send(whole.length > largestDatagram ? cut(whole) : whole, from.port, from.address);
  });
  listener.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    // The query of a resolver comes whole, behind its length (RFC 1035, section 4.2.2).
    socket.on("data", (query: Buffer) => {
      const whole = answerTo(query.subarray(2));
      if (whole) socket.write(Buffer.concat([Buffer.from([whole.length >> 8, whole.length & 255]), whole]));
    });
  });

  return Object.assign(state, {
    /** As a resolver wants it. */
    address: `127.0.0.1:${port}`,
    /** The names that it was asked for, in order. */
    questions,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      datagrams.close();
      listener.close();
      await once(listener, "close");
    },
  });
}

const whyNot = (how: keyof typeof codes) => (how === "answers" ? "no such name" : how);

/** The same free port for both protocols. */
async function listening() {
  for (;;) {
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    const address = listener.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const datagrams = createSocket("udp4");
    datagrams.bind(address.port, "127.0.0.1");
    const isBound = await Promise.race([
      once(datagrams, "listening").then(() => true),
      once(datagrams, "error").then(() => false),
    ]);
    if (isBound) return { datagrams, listener, port: address.port };
    listener.close();
  }
}

const targetIn = (text: string): Target => {
  const at = text.lastIndexOf(":");
  return { name: text.slice(0, at), port: Number(text.slice(at + 1)) };
};

function answer(query: Buffer, targets: readonly Target[], { code, ttlSeconds }: { code: number; ttlSeconds: number }) {
  const end = query.indexOf(0, questionAt) + 5;
  const head = Buffer.from(query.subarray(0, questionAt));
  head.writeUInt16BE(0x8580 | code, 2); // an answer, with authority, recursion asked for and available
  head.writeUInt16BE(targets.length, 6);
  head.writeUInt32BE(0, 8);
  const records = targets.map(({ name, port }) => {
    const labels = name.split(".").filter(Boolean);
    const target = [...labels.flatMap((label) => [label.length, ...Buffer.from(label)]), 0];
    const about = Buffer.alloc(18);
    about.writeUInt16BE(0xc000 | questionAt, 0); // the question's name
    about.writeUInt16BE(typeSrv, 2);
    about.writeUInt16BE(1, 4);
    about.writeUInt32BE(ttlSeconds, 6);
    about.writeUInt16BE(target.length + 6, 10);
    about.writeUInt16BE(port, 16); // behind priority and weight, which are 0
    return Buffer.concat([about, Buffer.from(target)]);
  });
  return Buffer.concat([head, query.subarray(questionAt, end), ...records]);
}

/** The answer without its records, which says that it is cut, so that it is asked for again over TCP. */
function cut(whole: Buffer): Buffer {
  const short = Buffer.from(whole.subarray(0, whole.indexOf(0, questionAt) + 5));
  short.writeUInt16BE(short.readUInt16BE(2) | 0x0200, 2);
  short.writeUInt16BE(0, 6);
  return short;
}
