import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";

/** A DNS server on loopback that answers the n-th question for an IPv4 address, from 0, as the test says. */
export async function dnsStub(answer: (name: string, n: number) => readonly string[]) {
  const questions: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const name = nameIn(query);
    socket.send(answerTo(query, answer(name, questions.push(name) - 1)), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);

  return {
    questions,
    resolve: (name: string) => resolver.resolve4(name),
    async [Symbol.asyncDispose]() {
      resolver.cancel();
      socket.close();
      await once(socket, "close");
    },
  };
}

// RFC 1035, section 4.1: a head of 12 bytes, then the question: the name's labels, an empty one, type and class.
const questionAt = 12;

function nameIn(query: Buffer): string {
  const labels: string[] = [];
  let at = questionAt;
  for (let length = query[at]; length; length = query[at]) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return labels.join(".");
}

function answerTo(query: Buffer, addresses: readonly string[]): Buffer {
  const end = query.indexOf(0, questionAt) + 5;
  const head = Buffer.from(query.subarray(0, questionAt));
  head.writeUInt16BE(0x8180, 2); // an answer, recursion available, no error
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  const records = addresses.map((address) =>
    // The question's name, type A, class IN, to be kept for 0 s, 4 bytes.
    Buffer.from([0xc0, questionAt, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split(".").map(Number)]),
  );
  return Buffer.concat([head, query.subarray(questionAt, end), ...records]);
}
