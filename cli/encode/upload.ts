import { createReadStream } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Remote } from "#cli/context.ts";
import type { Display } from "#cli/progress.ts";
import type { Order } from "#client/client.ts";
import { type Uploaded, uploadFile } from "#dashboard/upload-file.ts";
import { urlsOf, withUrls } from "./sources.ts";
import type { Task } from "./tasks.ts";

/** An order whose files have been uploaded; `remove` takes the uploads away again. */
type UploadedOrder = { order: Order; remove(): Promise<void> };

/** Uploads the files of a task to the service, one after another: those of its sources that are files of this machine. */
export type UploadSource = (task: Task, signal: AbortSignal) => Promise<UploadedOrder>;

export const makeUploadSource =
  ({ server = "", apiKey }: Remote, display: Pick<Display, "uploading">): UploadSource =>
  async ({ name, order }, signal) => {
    const uploads: Uploaded[] = [];
    const remove = async () => {
      for (const upload of uploads) await upload.remove().catch(() => {});
    };
    const onProgress = (sent: number, total: number) => display.uploading(name, sent, total);
    const uploaded = async (url: string) => {
      if (!url.startsWith("file:")) return url;
      const file = createReadStream(fileURLToPath(url));
      const upload = await uploadFile(file, { server, apiKey, name, signal, onProgress });
      uploads.push(upload);
      return upload.inputUrl;
    };
    try {
      const urls: string[] = [];
      for (const url of urlsOf(order)) urls.push(await uploaded(url));
      return { order: withUrls(order, urls), remove };
    } catch (error) {
      // No job reads what is there already.
      await remove();
      throw error;
    }
  };
