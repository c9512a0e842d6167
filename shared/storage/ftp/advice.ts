import type { Advice } from "#shared/storage/kind.ts";

export const ftpAdvice: readonly Advice[] = [
  [/credentials/, "check FTP_USER and FTP_PASSWORD"],
  [/does not speak TLS/, "set FTP_SECURE to implicit, or to none on a private network"],
  [
    /does not know the command|no passive mode/,
    "the server must know SIZE, APPE, RNFR, RNTO, MKD and EPSV or PASV; use one that does",
  ],
  [/data connections/, "open the server's passive ports, and let it name the address that clients use"],
  [/encrypted connections only/, "set FTP_SECURE=explicit"],
  [/encrypted data connection/, "the server wants TLS session reuse that did not work"],
  [/certificate is not trusted/, "set FTP_CA to the PEM file of the server's authority"],
  [/certificate is for another name/, "set FTP_HOST to the name in the certificate"],
  [/cannot be reached|in time|cut/, "check FTP_HOST, FTP_PORT, FTP_SECURE and firewalls"],
  [/does not allow/, "check FTP_ROOT and what the login may do there"],
  [/players cannot read|nothing answers|something else/, "set FTP_PUBLIC_URL to what serves FTP_ROOT"],
];
