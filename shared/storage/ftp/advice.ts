import type { Advice } from "#shared/storage/kind.ts";

export const ftpAdvice: readonly Advice[] = [
  { pattern: /credentials/, advice: "check FTP_USER and FTP_PASSWORD" },
  { pattern: /does not speak TLS/, advice: "set FTP_SECURE to implicit, or to none on a private network" },
  {
    pattern: /does not know the command|no passive mode/,
    advice: "the server must know SIZE, APPE, RNFR, RNTO, MKD and EPSV or PASV; use one that does",
  },
  {
    pattern: /data connections/,
    advice: "open the server's passive ports, and let it name the address that clients use",
  },
  { pattern: /encrypted connections only/, advice: "set FTP_SECURE=explicit" },
  { pattern: /encrypted data connection/, advice: "the server wants TLS session reuse that did not work" },
  { pattern: /certificate is not trusted/, advice: "set FTP_CA to the PEM file of the server's authority" },
  { pattern: /certificate is for another name/, advice: "set FTP_HOST to the name in the certificate" },
  { pattern: /cannot be reached|in time|cut/, advice: "check FTP_HOST, FTP_PORT, FTP_SECURE and firewalls" },
  { pattern: /does not allow/, advice: "check FTP_ROOT and what the login may do there" },
  {
    pattern: /players cannot read|nothing answers|something else/,
    advice: "set FTP_PUBLIC_URL to what serves FTP_ROOT",
  },
];
