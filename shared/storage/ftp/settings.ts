import * as v from "valibot";
import { httpUrl, port, wholeNumber } from "#shared/env.ts";
import type { SettingRule } from "#shared/storage/kind.ts";

export const ftpSettings = {
  FTP_HOST: v.pipe(
    v.optional(v.string()),
    v.description("FTP server for outputs; setting it makes the storage ftp available"),
  ),
  FTP_PORT: v.pipe(v.optional(port), v.description("its port; default: 21, or 990 with FTP_SECURE=implicit")),
  FTP_USER: v.pipe(v.optional(v.string()), v.description("its login; default: anonymous")),
  FTP_PASSWORD: v.pipe(v.optional(v.string()), v.description("the login's password")),
  FTP_SECURE: v.pipe(
    v.optional(v.picklist(["explicit", "implicit", "none"], "write explicit, implicit or none"), "explicit"),
    v.description("TLS on the usual port (explicit), on a port of its own (implicit), or no encryption at all (none)"),
  ),
  FTP_CA: v.pipe(
    v.optional(v.string()),
    v.description("PEM file of the authorities to trust instead of the usual ones, for a server with its own"),
  ),
  FTP_ROOT: v.pipe(
    v.optional(v.string(), ""),
    v.description("folder on the server, below that of the login unless it begins with /"),
  ),
  FTP_PUBLIC_URL: v.pipe(v.optional(httpUrl), v.description("URL below which players read FTP_ROOT")),
  FTP_CONNECTIONS: v.pipe(v.optional(wholeNumber(1, 32), "4"), v.description("connections to the server at a time")),
};

export const ftpRules: readonly SettingRule<keyof typeof ftpSettings>[] = [
  {
    field: "FTP_CA",
    message: "has no use with FTP_SECURE=none",
    isBroken: (given) => given.FTP_CA !== undefined && given.FTP_SECURE === "none",
  },
];
