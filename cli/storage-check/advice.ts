import type { StorageName } from "#shared/storage/storage.ts";

type Advice = { about: RegExp; on?: StorageName; advice: string };

// The first that fits counts.
const advices: readonly Advice[] = [
  { about: /bucket does not exist|bucket's name/, advice: "check S3_BUCKET and S3_ENDPOINT" },
  { about: /another region|region is not set/, advice: "set S3_REGION to the bucket's region" },
  {
    about: /credentials|access key/,
    on: "s3",
    advice: "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the role of this machine",
  },
  { about: /credentials/, on: "ftp", advice: "check FTP_USER and FTP_PASSWORD" },
  { about: /S3_ENDPOINT/, on: "s3", advice: "check scheme, host and port" },
  {
    about: /certificate/,
    on: "s3",
    advice: "name the authority's PEM file in NODE_EXTRA_CA_CERTS, or the host as its certificate does",
  },
  { about: /cannot be reached|in time|cut/, on: "s3", advice: "check S3_ENDPOINT, S3_REGION and the network" },
  { about: /does not speak TLS/, advice: "set FTP_SECURE to implicit, or to none on a private network" },
  {
    about: /does not know the command|no passive mode/,
    advice: "the server must know SIZE, APPE, RNFR, RNTO, MKD and EPSV or PASV; use one that does",
  },
  {
    about: /data connections/,
    advice: "open the server's passive ports, and let it name the address that clients use",
  },
  { about: /encrypted connections only/, advice: "set FTP_SECURE=explicit" },
  { about: /encrypted data connection/, advice: "the server wants TLS session reuse that did not work" },
  { about: /certificate is not trusted/, advice: "set FTP_CA to the PEM file of the server's authority" },
  { about: /certificate is for another name/, advice: "set FTP_HOST to the name in the certificate" },
  { about: /cannot be reached|in time|cut/, on: "ftp", advice: "check FTP_HOST, FTP_PORT, FTP_SECURE and firewalls" },
  { about: /does not allow|may not be written/, on: "s3", advice: "see the policy in docs/storage.md" },
  { about: /does not allow/, on: "ftp", advice: "check FTP_ROOT and what the login may do there" },
  { about: /may not be written|in the output's place/, on: "local", advice: "check LOCAL_ROOT and who owns it" },
  {
    about: /players cannot read|nothing answers|something else/,
    on: "s3",
    advice: "set S3_PUBLIC_URL to what serves the bucket",
  },
  {
    about: /players cannot read|nothing answers|something else/,
    on: "ftp",
    advice: "set FTP_PUBLIC_URL to what serves FTP_ROOT",
  },
  {
    about: /players cannot read|nothing answers|something else/,
    on: "local",
    advice: "set LOCAL_PUBLIC_URL to what serves LOCAL_ROOT",
  },
  { about: /are served as/, on: "s3", advice: "whatever stands before the bucket must pass Content-Type on" },
  { about: /are served as/, advice: "teach the web server the types in docs/storage.md" },
  { about: /browser does not let/, on: "s3", advice: "give the bucket the CORS rules in docs/storage.md" },
  { about: /browser does not let/, advice: "let the web server send Access-Control-Allow-Origin" },
  { about: /Idempotency-Key/, advice: "set RECORD_STORAGE to a storage that can" },
];

/** What to do about a finding. */
export const adviceOn = (name: StorageName, message: string): string | undefined =>
  advices.find(({ about, on = name }) => on === name && about.test(message))?.advice;
