import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/**
 * What can become of a request; `halved`: the connection is cut within its body; `lost`: it is passed on, and the
 * connection cut before the answer; `torn`: it is cut within the body of the answer. Some lie: `swallowed` is confirmed and not stored, `shortened` is confirmed and
 * stored without its second half, `unconfirmed` is stored and answered without an ETag, `damaged` is stored with a byte
 * that differs, `renamed` is stored and has an ETag that is no digest, `portal` is answered by a page that asks for a login.
 */
const outcomes = {
  passed: async (request: IncomingMessage, response: ServerResponse, target: string) =>
    answerWith(response, await passOn(request, target)),
  unavailable: async (request: IncomingMessage, response: ServerResponse) => refuse(request, response, 503, ""),
  forbidden: async (request: IncomingMessage, response: ServerResponse) =>
    refuse(request, response, 403, "<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>"),
  conflict: async (request: IncomingMessage, response: ServerResponse) =>
    refuse(request, response, 409, "<Error><Code>ConditionalRequestConflict</Code><Message>no</Message></Error>"),
  hang: async () => {},
  cut: async (request: IncomingMessage) => {
    request.socket.destroy();
  },
  halved: async (request: IncomingMessage) => {
    const { socket } = request;
    for await (const _ of request) break;
    socket.destroy();
  },
  lost: async (request: IncomingMessage, _response: ServerResponse, target: string) => {
    await passOn(request, target);
    request.socket.destroy();
  },
  torn: async (request: IncomingMessage, response: ServerResponse, target: string) => {
    const answer = await passOn(request, target);
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), "content-length": String(body.length) });
    response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy());
  },
  swallowed: async (request: IncomingMessage, response: ServerResponse) => {
    const etag = createHash("md5")
      .update(await buffer(request))
      .digest("hex");
    response.writeHead(200, { etag: `"${etag}"`, "content-length": "0" }).end();
  },
  shortened: async (request: IncomingMessage, response: ServerResponse, target: string) => {
    const sent = createHash("md5");
    const answer = await passOn(request, target, (body) => {
      sent.update(body);
      return body.subarray(0, body.length / 2);
    });
    await answerWith(response, answer, { etag: `"${sent.digest("hex")}"` });
  },
  damaged: async (request: IncomingMessage, response: ServerResponse, target: string) =>
    answerWith(response, await passOn(request, target, (body) => body.fill("X", 0, 1))),
  unconfirmed: async (request: IncomingMessage, response: ServerResponse, target: string) => {
    const { status } = await passOn(request, target);
    response.writeHead(status, { "content-length": "0" }).end();
  },
  renamed: async (request: IncomingMessage, response: ServerResponse, target: string) => {
    const etag = "0".repeat(32);
    const answer = await passOn(request, target);
    const { status } = answer;
    const headers = [...answer.headers].filter(([name]) => name !== "content-length");
    // The end of a multipart upload tells it in its body.
    const body = (await answer.text()).replace(/<ETag>.*<\/ETag>/, `<ETag>${etag}-3</ETag>`);
    await answerWith(response, new Response(body, { status, headers }), { etag: `"${etag}"` });
  },
  portal: async (request: IncomingMessage, response: ServerResponse) => {
    await buffer(request);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(loginPage);
  },
};

const loginPage = "<!DOCTYPE html><html><body><h1>Welcome to the guest network</h1></body></html>";

/** An HTTP proxy before a server, which breaks requests as told; each goes by the name `METHOD /path?query`. */
export async function startBreakingProxy(target: string) {
  const breaks: { how: keyof typeof outcomes; times: number; request: RegExp }[] = [];
  const requests: string[] = [];
  const broken = Promise.withResolvers<void>();

  const outcomeOf = (name: string) => {
    requests.push(name);
    const next = breaks.find(({ request, times }) => times > 0 && request.test(name));
    if (!next) return "passed";
    next.times -= 1;
    broken.resolve();
    return next.how;
  };

  const server = createServer((request, response) => {
    const outcome = outcomes[outcomeOf(`${request.method} ${request.url}`)];
    // A client that leaves while it sends is its own concern.
    outcome(request, response, target).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    /** Breaks the next requests that match; what it returns ends that. */
    break(how: keyof typeof outcomes, request = /./, times = 1) {
      const one = { how, times, request };
      breaks.push(one);
      return () => {
        one.times = 0;
      };
    },
    /** Breaks nothing any more. */
    mend() {
      breaks.length = 0;
    },
    /** Resolves when the first request has been broken. */
    broken: () => broken.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function passOn(
  request: IncomingMessage,
  target: string,
  changed = (body: Buffer): Buffer => body,
): Promise<Response> {
  const { method = "", url = "" } = request;
  const body = changed(await buffer(request));
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" && !["host", "connection", "content-length"].includes(name) ? [[name, value]] : [],
  );
  return await fetch(target + url, { method, headers, body: body.length > 0 ? body : null });
}

export async function answerWith(response: ServerResponse, answer: Response, extra: Record<string, string> = {}) {
  const body = Buffer.from(await answer.arrayBuffer());
  // A HEAD's length is that of the body it stands for.
  const length = answer.headers.get("content-length") ?? String(body.length);
  const ours = ["content-length", "transfer-encoding", "connection", "content-encoding", ...Object.keys(extra)];
  const headers = [...answer.headers].filter(([name]) => !ours.includes(name));
  response
    .writeHead(answer.status, [...headers, ...Object.entries(extra), ["content-length", length]].flat())
    .end(body);
}

async function refuse(request: IncomingMessage, response: ServerResponse, status: number, body: string) {
  await buffer(request);
  response.writeHead(status, { "content-type": "application/xml" }).end(body);
}
