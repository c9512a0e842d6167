import type { Readable } from "node:stream";
import type { DataStore } from "@tus/server";
import { makeSemaphore } from "#shared/async/semaphore.ts";

/** How many parts of one request lie in the temporary folder, and how many of all requests are sent at a time. */
export const partsOfRequest = 4;
const partsAtOnce = 8;

type Write = (this: object, content: Readable, id: string, offset: number) => Promise<number>;
type UploadPart = (upload: unknown, part: unknown, number: number) => Promise<unknown>;

/**
 * Has the S3 store of tus bound its parts by request. By itself it has a number of parts for all requests together, and takes
 * one before anything of the part has arrived: a few clients that send nothing would hold up all others.
 */
export function boundPartsByRequest(tus: DataStore): void {
  const sending = makeSemaphore(partsAtOnce);
  const write: Write = tus.write;
  const inner: { uploadPart: UploadPart } = Object(tus);
  const send = inner.uploadPart.bind(tus);
  Object.assign(tus, {
    write(content: Readable, id: string, offset: number): Promise<number> {
      const ofRequest = Object.create(tus, { partUploadSemaphore: { value: permits(partsOfRequest) } });
      return write.call(ofRequest, content, id, offset);
    },
    async uploadPart(...[upload, part, number]: Parameters<UploadPart>) {
      using _permit = await sending.acquire();
      return await send(upload, part, number);
    },
  });
}

function permits(count: number) {
  const semaphore = makeSemaphore(count);
  return {
    async acquire() {
      const permit = await semaphore.acquire();
      return { release: async () => permit[Symbol.dispose]() };
    },
  };
}
