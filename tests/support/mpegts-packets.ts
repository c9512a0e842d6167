const packetBytes = 188;

/** A packet of MPEG-TS; an adaptation field fills what is not needed. */
export function packet(pid: number, payload: readonly number[], isStart = false): Buffer {
  const room = packetBytes - 4 - payload.length;
  const header = [0x47, (isStart ? 0x40 : 0) | (pid >> 8), pid & 0xff, room > 0 ? 0x30 : 0x10];
  const stuffing = room > 0 ? [room - 1, ...(room > 1 ? [0, ...new Array(room - 2).fill(0xff)] : [])] : [];
  return Buffer.from([...header, ...stuffing, ...payload]);
}

const u16 = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const section = (id: number, body: readonly number[]) => [
  0,
  id,
  ...u16(0xb000 | (body.length + 4)),
  ...body,
  0,
  0,
  0,
  0,
];

const mapPid = 0x1000;

/** The tables of a program of these streams. */
export const tables = (...streams: readonly { pid: number; type: number }[]): Buffer =>
  Buffer.concat([
    packet(0, section(0, [0, 1, 0xc1, 0, 0, 0, 1, ...u16(0xe000 | mapPid)]), true),
    packet(
      mapPid,
      section(2, [
        ...[0, 1, 0xc1, 0, 0, 0xe1, 0, 0xf0, 0],
        ...streams.flatMap(({ pid, type }) => [type, ...u16(0xe000 | pid), 0xf0, 2, 0x0a, 0]),
      ]),
      true,
    ),
  ]);

function timestamp(mark: number, ticks: number) {
  const bits = BigInt(ticks);
  const part = (shift: bigint, mask: bigint) => Number((bits >> shift) & mask);
  return [
    (mark << 4) | (part(30n, 7n) << 1) | 1,
    ...[part(22n, 0xffn), (part(15n, 0x7fn) << 1) | 1, part(7n, 0xffn), (part(0n, 0x7fn) << 1) | 1],
  ];
}

/** The first packet of a PES packet. */
export function pes(pid: number, shown: number, decoded: number, data: readonly number[] = []): Buffer {
  const hasDecoded = shown !== decoded;
  const times = hasDecoded ? [...timestamp(3, shown), ...timestamp(1, decoded)] : timestamp(2, shown);
  return packet(pid, [0, 0, 1, 0xe0, 0, 0, 0x80, hasDecoded ? 0xc0 : 0x80, times.length, ...times, ...data], true);
}

/** A frame of AAC with this much in it. */
export function adts(bytes: number): number[] {
  const length = 7 + bytes;
  return [0xff, 0xf1, 0x4c, 0x80 | (length >> 11), (length >> 3) & 0xff, ((length & 7) << 5) | 0x1f, 0xfc].concat(
    new Array(bytes).fill(0xff),
  );
}
