import { expect, test } from "bun:test";
import { isRetryable, toFtpFault } from "#shared/storage/ftp/faults.ts";

test.each([
  [421, "There are too many connected users.", true, "the storage has too many connections"],
  [426, "Failure reading network stream.", true, "the storage answered with an error (426)"],
  [451, "Failure writing to local file.", true, "the storage is full"],
  [452, "Insufficient storage space.", false, "the storage is full"],
  [522, "SSL connection failed: session reuse required", false, "the storage refused the encrypted data connection"],
  [530, "Login incorrect.", false, "the storage refused the credentials"],
  [530, "Please login with USER and PASS.", false, "the storage does not speak TLS"],
  [530, "Non-anonymous sessions must use encryption.", false, "the storage accepts encrypted connections only"],
  [552, "Quota exceeded.", false, "the storage is full"],
  [553, "Could not create file.", false, "the storage does not allow this, or has no such folder"],
  ["ECONNREFUSED", "", true, "the storage cannot be reached"],
  ["CERT_HAS_EXPIRED", "", false, "the storage's certificate has expired"],
  [undefined, "Timeout (data socket)", true, "the storage did not answer in time"],
  [undefined, "Server closed connection unexpectedly.", true, "the storage cut the connection"],
])("of %p %s: retryable %p, in words: %s", (code, text, retryable, message) => {
  const error = Object.assign(new Error(`${code} ${text}`), code && { code });
  expect(isRetryable(error)).toBe(retryable);
  expect(toFtpFault(error)).toMatchObject({ kind: "delivery_failed", message, cause: error });
});
