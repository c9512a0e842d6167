import { storageKind } from "#shared/storage/kind.ts";
import { s3Advice } from "./advice.ts";
import { s3Storage } from "./s3-storage.ts";
import { s3Rules, s3Settings } from "./settings.ts";

export const s3Kind = storageKind({
  setting: "S3_BUCKET",
  settings: s3Settings,
  rules: s3Rules,
  optionsOf: (settings) =>
    settings.S3_BUCKET
      ? {
          bucket: settings.S3_BUCKET,
          region: settings.S3_REGION,
          endpoint: settings.S3_ENDPOINT,
          forcePathStyle: settings.S3_FORCE_PATH_STYLE,
          accelerate: settings.S3_ACCELERATE,
          publicUrl: settings.S3_PUBLIC_URL,
          limits: { answerMs: settings.STORAGE_TIMEOUT },
        }
      : undefined,
  open: (options, limits) => options && s3Storage({ ...options, limits: { ...options.limits, ...limits } }),
  advice: s3Advice,
});
