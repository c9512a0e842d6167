import { signal } from "@preact/signals";
import { ApiFault } from "#client/client.ts";
import { uploadFile } from "../upload-file.ts";
import { apiKey, noted } from "./session.ts";

/** A file that is being uploaded, or could not be. */
export type Upload = {
  name: string;
  sent: number;
  total: number;
  /** Why it was given up; absent while it goes on. */
  problem?: string;
};

/** Whether the service takes uploads. */
export const takesUploads = signal(false);
/** The uploads of this page that are not finished, by a number of their own. */
export const uploads = signal<ReadonlyMap<number, Upload>>(new Map());
let last = 0;

const show = (number: number, upload: Upload | undefined) => {
  const shown = new Map(uploads.value);
  if (upload) shown.set(number, upload);
  else shown.delete(number);
  uploads.value = shown;
};

/** Asks the service whether it takes uploads. */
export async function askWhetherItTakesUploads() {
  const answer = await fetch("/healthz", { method: "HEAD" }).catch(() => undefined);
  takesUploads.value = answer?.headers.has("tus-version") ?? false;
}

/**
 * Uploads files one after another, and tells of each once it is whole where jobs find it. Files that could not be uploaded
 * are shown.
 */
export async function uploadEach(files: readonly File[], whole: (inputUrl: string, file: File) => Promise<void>) {
  const waiting = files.map((file) => {
    last += 1;
    show(last, { name: file.name, sent: 0, total: file.size });
    return { file, number: last };
  });
  for (const { file, number } of waiting) {
    const shown = { name: file.name, sent: 0, total: file.size };
    try {
      const { inputUrl } = await noted(
        uploadFile(file, {
          ...{ server: "", apiKey: apiKey.value || undefined, name: file.name },
          onProgress: (sent, total) => show(number, { ...shown, sent, total }),
        }),
      );
      show(number, undefined);
      await whole(inputUrl, file);
    } catch (error) {
      show(number, { ...shown, problem: error instanceof ApiFault ? error.message : String(error) });
    }
  }
}

/** Takes a file that could not be uploaded off the page. */
export const forgetUpload = (number: number) => show(number, undefined);
