import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { makeSerial } from "#shared/async/serial.ts";
import { answerWith, passOn } from "./breaking-proxy.ts";

/** `conditional`: what it does with `If-None-Match`. */
type Options = {
  accessKeyId?: string;
  allowOrigin?: string;
  conditional?: "honoured" | "ignored" | "unknown";
  /** How many aborts of uploads it answers and does not carry out, as where a part arrives behind them. */
  lostAborts?: number;
};

/** Before the store of the tests, what stores elsewhere have and it lacks: refused keys, conditional puts, CORS. */
export async function startS3Front(
  target: string,
  { accessKeyId = "test", allowOrigin, conditional = "honoured", lostAborts = 0 }: Options = {},
) {
  const cors: Record<string, string> = allowOrigin ? { "access-control-allow-origin": allowOrigin } : {};
  const requests: string[] = [];
  let abortsToLose = lostAborts;
  let isAborted = false;
  /** Aborts an upload later than it says, and lists its parts until then; undefined for other requests. */
  const answerOnUpload = ({ method, url = "" }: IncomingMessage): Response | undefined => {
    if (!/[?&]uploadId=/.test(url) || /partNumber=/.test(url)) return undefined;
    if (method === "GET") return isAborted ? refusal(404, "NoSuchUpload") : xml(200, "<ListPartsResult/>");
    if (method !== "DELETE") return undefined;
    isAborted = abortsToLose <= 0;
    abortsToLose -= 1;
    return isAborted ? undefined : new Response(null, { status: 204 });
  };
  // Conditional puts are decided one after another.
  const creating = makeSerial();

  const answer = async (request: IncomingMessage): Promise<Response> => {
    if (isRefused(request, accessKeyId)) return refusal(403, "InvalidAccessKeyId");
    requests.push(`${request.method} ${request.url}`);
    const answered = answerOnUpload(request);
    if (answered) return answered;
    if (request.headers["if-none-match"] === "*" && conditional === "unknown") return refusal(501, "NotImplemented");
    if (request.headers["if-none-match"] !== "*" || conditional === "ignored") return await passOn(request, target);
    return await creating.run("all", () => createAt(request, target));
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    answer(request)
      .then((answered) => answerWith(response, answered, request.headers.origin ? cors : {}))
      .catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();

  return {
    requests,
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const isRefused = ({ headers }: IncomingMessage, accessKeyId: string) =>
  headers.authorization !== undefined && !headers.authorization.includes(`Credential=${accessKeyId}/`);

async function createAt(request: IncomingMessage, target: string): Promise<Response> {
  const { status } = await fetch(target + new URL(request.url ?? "", target).pathname, { method: "HEAD" });
  return status === 200 ? refusal(412, "PreconditionFailed") : await passOn(request, target);
}

const refusal = (status: number, code: string) =>
  xml(status, `<Error><Code>${code}</Code><Message>no</Message></Error>`);

const xml = (status: number, text: string) =>
  new Response(text, { status, headers: { "content-type": "application/xml" } });
