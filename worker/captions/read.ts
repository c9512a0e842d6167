import { type CaptionChannel, channelsIn } from "./channels.ts";

// More than the user data of any picture.
const mostBytes = 64 * 1_024;

const startCode = Buffer.from([0, 0, 1]);

/** The channels of captions in a stream of units that begin with start codes, as H.264, H.265 and MPEG-2 have them. */
export async function readChannels(stream: AsyncIterable<Uint8Array>): Promise<CaptionChannel[]> {
  const found = new Set<CaptionChannel>();
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    const buffer = Buffer.concat([rest, chunk]);
    let begin = 0;
    for (let end = buffer.indexOf(startCode); end >= 0; end = buffer.indexOf(startCode, begin)) {
      for (const channel of channelsIn(withoutEmulation(buffer.subarray(begin, end)))) found.add(channel);
      begin = end + startCode.length;
    }
    rest = buffer.subarray(Math.max(begin, buffer.length - mostBytes));
  }
  for (const channel of channelsIn(withoutEmulation(rest))) found.add(channel);
  return [...found].sort();
}

/** Removes the 03 that encoders insert after 00 00, so that the data cannot look like a start code. */
function withoutEmulation(unit: Buffer): Buffer {
  if (unit.indexOf(emulation) < 0) return unit;
  return Buffer.from(unit.filter((byte, at) => !(byte === 3 && unit[at - 1] === 0 && unit[at - 2] === 0)));
}

const emulation = Buffer.from([0, 0, 3]);
