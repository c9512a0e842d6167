/** Lends out at most `count` buffers at a time; one that comes back is lent again until nobody needs any. */
export function makeBuffers(count: number) {
  let lent = 0;
  let idle: Buffer[] = [];
  const waiting: (() => void)[] = [];

  const take = async (bytes: number): Promise<Buffer> => {
    if (lent < count) lent += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    const used = idle.pop();
    return used && used.length >= bytes ? used : Buffer.allocUnsafeSlow(bytes);
  };

  const giveBack = (buffer: Buffer) => {
    idle.push(buffer);
    const next = waiting.shift();
    if (next) return next();
    lent -= 1;
    if (lent === 0) idle = [];
  };

  return async <T>(bytes: number, use: (buffer: Buffer) => Promise<T>): Promise<T> => {
    const buffer = await take(bytes);
    try {
      return await use(buffer);
    } finally {
      giveBack(buffer);
    }
  };
}

export type Buffers = ReturnType<typeof makeBuffers>;
