import { makeSemaphore } from "#shared/async/semaphore.ts";

export type BufferPool = ReturnType<typeof makeBufferPool>;

/**
 * Lends out at most `count` buffers at a time. A returned buffer is lent again; all are dropped once none is in use.
 */
export function makeBufferPool(count: number) {
  const lent = makeSemaphore(count);
  let idle: Buffer[] = [];

  return async <T>(bytes: number, use: (buffer: Buffer) => Promise<T>): Promise<T> => {
    const permit = await lent.acquire();
    const used = idle.pop();
    const buffer = used && used.length >= bytes ? used : Buffer.allocUnsafeSlow(bytes);
    try {
      return await use(buffer);
    } finally {
      idle.push(buffer);
      permit[Symbol.dispose]();
      if (lent.inUse === 0) idle = [];
    }
  };
}
