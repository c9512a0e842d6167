import { storageKind } from "#shared/storage/kind.ts";
import { ftpAdvice } from "./advice.ts";
import { ftpStorage } from "./ftp-storage.ts";
import { ftpRules, ftpSettings } from "./settings.ts";

export const ftpKind = storageKind({
  setting: "FTP_HOST",
  settings: ftpSettings,
  rules: ftpRules,
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
  advice: ftpAdvice,
});
