import * as v from "valibot";
import { httpUrl, port, setting, wholeNumber } from "#shared/env.ts";
import { storageKind } from "#shared/storage/kind.ts";
import { ftpStorage } from "./ftp-storage.ts";

export const ftpKind = storageKind({
  setting: "FTP_HOST",
  settings: {
    FTP_HOST: setting("FTP server for outputs; setting it makes the storage ftp available", v.string()),
    FTP_PORT: setting("its port; default: 21, or 990 with FTP_SECURE=implicit", port),
    FTP_USER: setting("its login; default: anonymous", v.string()),
    FTP_PASSWORD: setting("the login's password", v.string()),
    FTP_SECURE: setting(
      "TLS on the usual port (explicit), on a port of its own (implicit), or no encryption at all (none)",
      v.picklist(["explicit", "implicit", "none"], "write explicit, implicit or none"),
      "explicit",
    ),
    FTP_CA: setting(
      "PEM file of the authorities to trust instead of the usual ones, for a server with its own",
      v.string(),
    ),
    FTP_ROOT: setting("folder on the server, below that of the login unless it begins with /", v.string(), ""),
    FTP_PUBLIC_URL: setting("URL below which players read FTP_ROOT", httpUrl),
    FTP_CONNECTIONS: setting("connections to the server at a time", wholeNumber(1, 32), "4"),
  },
  rules: [
    {
      field: "FTP_CA",
      message: "has no use with FTP_SECURE=none",
      isBroken: (given) => given.FTP_CA !== undefined && given.FTP_SECURE === "none",
    },
  ],
  optionsOf: (settings) =>
    settings.FTP_HOST
      ? {
          host: settings.FTP_HOST,
          port: settings.FTP_PORT,
          user: settings.FTP_USER,
          password: settings.FTP_PASSWORD,
          secure: settings.FTP_SECURE,
          ca: settings.FTP_CA,
          root: settings.FTP_ROOT,
          publicUrl: settings.FTP_PUBLIC_URL,
          connections: settings.FTP_CONNECTIONS,
          limits: { answerMs: settings.STORAGE_TIMEOUT },
        }
      : undefined,
  open: (options, limits) => options && ftpStorage({ ...options, limits: { ...options.limits, ...limits } }),
  advice: [
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
  ],
});
