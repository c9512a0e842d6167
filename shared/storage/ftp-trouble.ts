import { Fault } from "#shared/fault.ts";
import { connectionWords, full, refusedCredentials, tooSlow } from "./connection-trouble.ts";
import { codeOf } from "./local-trouble.ts";

const notTrusted = "the storage's certificate is not trusted";

const words: Readonly<Record<string, string>> = {
  ...connectionWords,
  ENOENT: "the file to be uploaded is gone",
  "421": "the storage has too many connections",
  "452": full,
  "522": "the storage refused the encrypted data connection",
  "530": refusedCredentials,
  "532": "the storage asks for an account",
  "550": "the storage does not allow this, or has no such folder",
  "552": full,
  "553": "the storage does not allow this, or has no such folder",
  SELF_SIGNED_CERT_IN_CHAIN: notTrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: notTrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: notTrusted,
  UNABLE_TO_GET_ISSUER_CERT: notTrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: notTrusted,
  CERT_HAS_EXPIRED: "the storage's certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "the storage's certificate is for another name",
  ERR_SSL_WRONG_VERSION_NUMBER: "the storage does not speak TLS on this port",
};

// Replies that share a code with others are told apart by what they say.
const sayings: readonly (readonly [RegExp, string])[] = [
  [/must use encryption|(tls|ssl|encryption) (is )?required/i, "the storage accepts encrypted connections only"],
  [/^(500|502|504|530 please login)/i, "the storage does not speak TLS"],
  [/writing to local file|quota|disk full|no space/i, full],
  [/timeout/i, tooSlow],
  [/session reuse/i, "the storage refused the encrypted data connection"],
];

/** The server's own refusal: its reply code. Undefined for trouble with the connection. */
export const replyOf = (error: unknown): number | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : undefined;

/** There is no such file, or it may not be touched: servers do not tell the two apart. */
export const isMissing = (error: unknown) => replyOf(error) === 550;

/** A refusal that comes again however often one asks. */
export const isRefusal = (error: unknown) => (replyOf(error) ?? 0) >= 500;

/** Whether the same may work in a while. */
export function mayPass(error: unknown): boolean {
  if (error instanceof Fault || isRefusal(error) || replyOf(error) === 452) return false;
  return !/CERT|ERR_TLS|ERR_SSL|SIGNATURE|^ENOENT$/.test(codeOf(error));
}

/** What a server's error means for a delivery, in words that a client may read. */
export function ftpTrouble(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : "";
  const said = sayings.find(([pattern]) => pattern.test(message))?.[1];
  const reply = replyOf(error);
  const unknown = reply ? `the storage answered with an error (${reply})` : "the storage cut the connection";
  return new Fault("delivery_failed", said ?? words[codeOf(error)] ?? unknown, { cause: error });
}
