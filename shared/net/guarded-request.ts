import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { abortable } from "#shared/async/abortable.ts";
import type { Cidrs } from "#shared/net/addresses.ts";
import { type Arriving, bodyOf, receive } from "./body.ts";
import { checkedAddresses, type HostAddress, type Resolve, systemResolve } from "./checked-addresses.ts";
import { RequestFailure, toRequestFailure } from "./request-failure.ts";
import { makeRequestTimeout, type RequestTimeout } from "./request-timeout.ts";

export type Guard = {
  /** The private ranges that may be connected to. */
  allowedCidrs: Cidrs;
  /** Default: the system's resolver. */
  resolve?: Resolve;
  /** PEM certificates of the authorities to trust. Default: those of the system. */
  ca?: string;
  /** The limit for resolving, connecting and the TLS handshake together. Default: 10 s. */
  connectTimeoutMs?: number;
  /** The limit from then on until the headers arrive. Default: 30 s. */
  answerTimeoutMs?: number;
  /** The limit between two pieces of the body. Default: 30 s. */
  silenceTimeoutMs?: number;
};

export type RequestOptions = {
  signal: AbortSignal;
  /** Default: GET. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
};

/** The answer to one request. Disposing it closes the connection, however much of the body was read. */
export type Answer = Disposable & {
  status: number;
  headers: IncomingHttpHeaders;
  /** Can be read once. Throws a RequestFailure when it ends before its announced length. */
  body: AsyncIterable<Uint8Array>;
};

/**
 * Makes one HTTP request over a connection of its own. The host name is resolved once, every address is checked, and
 * the connection goes to one of those addresses. Redirects are not followed. Throws a RequestFailure or the signal's
 * reason.
 */
export async function guardedRequest(url: URL, options: RequestOptions, guard: Guard): Promise<Answer> {
  const { connectTimeoutMs = 10_000, silenceTimeoutMs = 30_000 } = guard;
  const timeout = makeRequestTimeout(options.signal);
  try {
    timeout.signal.throwIfAborted();
    timeout.set(connectTimeoutMs, "did not accept a connection within");
    const resolved = checkedAddresses(url, guard.allowedCidrs, guard.resolve ?? systemResolve);
    const { response, arrived } = await headOf(url, options, guard, timeout, await abortable(resolved, timeout.signal));
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: bodyOf(arrived, timeout, silenceTimeoutMs),
      [Symbol.dispose]: () => response.destroy(),
    };
  } catch (error) {
    throw timeout.signal.aborted ? timeout.signal.reason : toRequestFailure(error);
  } finally {
    timeout.clear();
  }
}

const headOf = (url: URL, options: RequestOptions, guard: Guard, timeout: RequestTimeout, addresses: HostAddress[]) =>
  new Promise<{ response: IncomingMessage; arrived: Arriving }>((resolve, reject) => {
    const isTls = url.protocol === "https:";
    const request = (isTls ? requestHttps : requestHttp)(url, {
      agent: false,
      signal: timeout.signal,
      lookup: (_name, _options, done) => done(null, addresses),
      ...connecting,
      ...(options.method && { method: options.method }),
      ...(options.headers && { headers: options.headers }),
      ...(guard.ca && { ca: guard.ca }),
    });
    request.once("socket", (socket) =>
      socket.once(isTls ? "secureConnect" : "connect", () =>
        timeout.set(guard.answerTimeoutMs ?? 30_000, "did not answer within"),
      ),
    );
    request.once("response", (response) => resolve({ response, arrived: receive(response) }));
    request.on("error", reject);
    request.once("close", () => reject(new RequestFailure("closed the connection without an answer")));
    request.end(options.body);
  });

// By default Node gives each address but the last 250 ms, which is too short for a server far away.
const connecting = { autoSelectFamilyAttemptTimeout: 1_000 };
