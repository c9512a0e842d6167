/** A box of ISO base media files. */
export const atom = (name: string, ...content: Buffer[]) => {
  const body = Buffer.concat(content);
  return Buffer.concat([uint32(8 + body.length), Buffer.from(name, "latin1"), body]);
};

export const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

export const uint16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
};

/** An element of Matroska, its length in eight bytes. */
export const element = (id: number, ...content: Buffer[]) => {
  const body = Buffer.concat(content);
  const name = Buffer.from(id.toString(16), "hex");
  return Buffer.concat([name, uint32(0x0100_0000), uint32(body.length), body]);
};

export const number = (id: number, value: number) => element(id, uint32(value));

export const text = (id: number, value: string) => element(id, Buffer.from(value, "latin1"));
