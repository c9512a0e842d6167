/** A channel of closed captions in the picture, as HLS names it: four of CEA-608, and the services of CEA-708. */
export type CaptionChannel = `CC${1 | 2 | 3 | 4}` | `SERVICE${number}`;

// The bytes before caption data in the user data of a picture (ATSC A/53, part 4).
const marker = Buffer.from("GA94\x03", "latin1");

/** Whether there is caption data in these bytes, or what looks like the beginning of it. */
export async function holdsMarker(bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
  let end = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const joined = Buffer.concat([end, chunk]);
    if (joined.includes(marker)) return true;
    end = joined.subarray(-(marker.length - 1));
  }
  return false;
}

/** The channels that have captions in the user data of one picture. */
export function channelsIn(userData: Buffer): CaptionChannel[] {
  const begin = userData.indexOf(marker) + marker.length;
  if (begin < marker.length) return [];
  const count = (userData[begin] ?? 0) & 0x1f;
  const triplets = userData.subarray(begin + 2, begin + 2 + count * 3);
  return Array.from({ length: Math.floor(triplets.length / 3) }, (_, at) =>
    channelOf(triplets.subarray(at * 3, at * 3 + 3)),
  ).flatMap((channel) => channel ?? []);
}

function channelOf([head = 0, first = 0, second = 0]: Uint8Array): CaptionChannel | undefined {
  const isValid = (head & 4) !== 0;
  const kind = head & 3;
  if (!isValid) return undefined;
  if (kind < 2) return lineChannel(kind, first & 0x7f, second & 0x7f);
  return kind === 3 ? serviceChannel(second) : undefined;
}

/** The channel of a pair of bytes. Only control codes say which of a field's two channels they belong to. */
function lineChannel(field: number, first: number, second: number): CaptionChannel | undefined {
  if (first < 0x10 || first > 0x1f) return undefined;
  const isSecond = (first & 8) !== 0;
  // These codes begin text that is not a caption.
  const isText = (first & 6) === 4 && (second === 0x2a || second === 0x2b);
  if (isText) return undefined;
  if (field === 0) return isSecond ? "CC2" : "CC1";
  return isSecond ? "CC4" : "CC3";
}

/** The first triplet of a packet holds the header of its first block: the service, and how many bytes it has. */
function serviceChannel(blockHeader: number): CaptionChannel | undefined {
  const service = blockHeader >> 5;
  const bytes = blockHeader & 0x1f;
  // Seven means that a longer number follows.
  return service > 0 && service < 7 && bytes > 0 ? `SERVICE${service}` : undefined;
}
