import { codeOf } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import { connectionMessages, full, refusedCredentials, tooSlow } from "#shared/storage/error-messages.ts";

export const webPage = "a web page answers in the storage's place: a login of the network, or a proxy";

const noS3 = "what answers at S3_ENDPOINT is no S3 storage, or it wants https";

// Found by the error's code, its name, its message, or the HTTP status.
const messages: Readonly<Record<string, string>> = {
  ...connectionMessages,
  NoSuchBucket: "the bucket does not exist",
  InvalidBucketName: "the bucket's name is not valid",
  PermanentRedirect: "the bucket is in another region",
  AuthorizationHeaderMalformed: "the bucket is in another region",
  InvalidAccessKeyId: "the storage does not know the access key (AWS_ACCESS_KEY_ID)",
  ERR_SSL_WRONG_VERSION_NUMBER: "the storage does not speak TLS on this port: let S3_ENDPOINT begin with http://",
  SignatureDoesNotMatch: refusedCredentials,
  ExpiredToken: refusedCredentials,
  InvalidToken: refusedCredentials,
  CredentialsProviderError: "there are no credentials for the storage",
  AccessDenied: "the storage does not allow this",
  "Region is missing": "the bucket's region is not set",
  RequestTimeTooSkewed: "the clock differs too much from the storage's",
  EntityTooLarge: "the file is too large for the storage",
  NoSuchUpload: "the storage has dropped the upload",
  XMinioStorageFull: full,
  QuotaExceeded: full,
  SlowDown: "the storage is overloaded",
  TimeoutError: tooSlow,
  "301": "the bucket is in another region",
  "401": refusedCredentials,
  "403": "the storage does not allow this",
  "429": "the storage is overloaded",
  NotImplemented: "the storage does not know what it is asked",
  "501": "the storage does not know what it is asked",
  "507": full,
};

/** The fault of a delivery that an error of the store or the connection stands for. Clients may read its message. */
export function toS3Fault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : "";
  const known = [codeOf(error), nameOf(error), message, String(status)].map((key) => messages[key]).find(Boolean);
  if (!known && isNoS3(error, status)) return new Fault("delivery_failed", noS3, { cause: error });
  const unknown = status ? `the storage answered with an error (${status})` : "the storage failed";
  return new Fault("delivery_failed", known ?? unknown, { cause: error });
}

/** Whether something answered that is no S3 store: it speaks no HTTP, or refuses without XML. */
const isNoS3 = (error: unknown, status: number | undefined) =>
  codeOf(error).startsWith("HPE_") ||
  (status === 400 && error instanceof Error && /XML parse error|Deserialization error/.test(error.message));

/** Whether a fault was caused by this error of the store. */
export const isCausedBy = (fault: unknown, name: string) => fault instanceof Fault && nameOf(fault.cause) === name;

const nameOf = (error: unknown) => (error instanceof Error ? error.name : "");

/** The HTTP status of a store's answer; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  const { $metadata } = Object(error);
  const { httpStatusCode }: { httpStatusCode?: unknown } = Object($metadata);
  return typeof httpStatusCode === "number" ? httpStatusCode : undefined;
}
