import * as v from "valibot";
import { httpUrl, port, setting, wholeNumber } from "#shared/env.ts";
import type { SettingRule } from "#shared/storage/kind.ts";

export const ftpSettings = {
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
};

export const ftpRules: readonly SettingRule<keyof typeof ftpSettings>[] = [
  {
    field: "FTP_CA",
    message: "has no use with FTP_SECURE=none",
    isBroken: (given) => given.FTP_CA !== undefined && given.FTP_SECURE === "none",
  },
];
