const longest = 65_536;

/** The lines of a byte stream. One that is longer than 64 Ki characters comes in pieces. */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = parts.pop() ?? "";
    yield* parts;
    if (rest.length < longest) continue;
    yield rest;
    rest = "";
  }
  if (rest) yield rest;
}
