const longest = 65_536;

/** The lines of a byte stream. One that is longer than 64 Ki characters comes in pieces. */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const batch of lineBatches(chunks)) yield* batch;
}

/** The same lines, as many at a time as have come: for streams of a million lines. */
export async function* lineBatches(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const batch = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = batch.pop() ?? "";
    if (rest.length >= longest) {
      batch.push(rest);
      rest = "";
    }
    yield batch;
  }
  if (rest) yield [rest];
}
