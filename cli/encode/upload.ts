import { createReadStream } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Remote } from "#cli/context.ts";
import type { Display } from "#cli/progress.ts";
import { type Uploaded, uploadFile } from "#dashboard/upload-file.ts";
import type { Task } from "./tasks.ts";

/** Uploads the file of a task to the service; undefined where its source is no file of this machine. */
export type UploadSource = (task: Task, signal: AbortSignal) => Promise<Uploaded | undefined>;

export const makeUploadSource =
  ({ server = "", apiKey }: Remote, display: Pick<Display, "uploading">): UploadSource =>
  async ({ name, order: { input_url = "" } }, signal) => {
    if (!input_url.startsWith("file:")) return undefined;
    const onProgress = (sent: number, total: number) => display.uploading(name, sent, total);
    return await uploadFile(createReadStream(fileURLToPath(input_url)), {
      server,
      apiKey,
      name,
      signal,
      onProgress,
    });
  };
