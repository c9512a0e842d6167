import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import ipaddr from "ipaddr.js";

/** Asks a DNS server on loopback for all addresses of a name; fails when it knows of none. */
export function resolverAt(port: number) {
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${port}`]);
  return {
    async resolve(name: string): Promise<string[]> {
      const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
      const [first] = answers;
      if (addresses.length === 0 && first.status === "rejected") throw first.reason;
      return addresses;
    },
    close: () => resolver.cancel(),
  };
}

/** A DNS server on loopback that answers the n-th lookup, from 0, as the test says. */
export async function dnsStub(answer: (name: string, n: number) => readonly string[]) {
  const questions: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const name = nameIn(query);
    // A lookup is two questions, of which the one for IPv4 counts.
    if (typeIn(query) === typeA) questions.push(name);
    socket.send(answerTo(query, answer(name, questions.length - 1)), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  const { resolve, close } = resolverAt(port);

  return {
    port,
    questions,
    resolve,
    async [Symbol.asyncDispose]() {
      close();
      socket.close();
      await once(socket, "close");
    },
  };
}

// RFC 1035, section 4.1: a head of 12 bytes, then the question: the name's labels, an empty one, type and class.
export const questionAt = 12;

export function nameIn(query: Buffer): string {
  const labels: string[] = [];
  let at = questionAt;
  for (let length = query[at]; length; length = query[at]) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return labels.join(".");
}

const [typeA, typeAaaa] = [1, 28];
export const typeIn = (query: Buffer) => query.readUInt16BE(query.indexOf(0, questionAt) + 1);

function answerTo(query: Buffer, addresses: readonly string[]): Buffer {
  const end = query.indexOf(0, questionAt) + 5;
  const type = typeIn(query);
  const kind = { [typeA]: "ipv4", [typeAaaa]: "ipv6" }[type];
  const asked = addresses.map((address) => ipaddr.parse(address)).filter((address) => address.kind() === kind);
  const head = Buffer.from(query.subarray(0, questionAt));
  head.writeUInt16BE(0x8180, 2); // an answer, recursion available, no error
  head.writeUInt16BE(asked.length, 6);
  head.writeUInt32BE(0, 8);
  const records = asked.map((address) => {
    const bytes = address.toByteArray();
    // The question's name and type, class IN, to be kept for 0 s, the address.
    return Buffer.from([0xc0, questionAt, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes]);
  });
  return Buffer.concat([head, query.subarray(questionAt, end), ...records]);
}
