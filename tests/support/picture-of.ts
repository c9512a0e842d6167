export type Picture = {
  width: number;
  height: number;
  at(x: number, y: number): [red: number, green: number, blue: number];
};

type Options = {
  /** The first picture that is shown no sooner. */ seconds?: number /** As what its colours are read; as a player does by its tags unless told. */;
  matrix?: string;
};

/** One decoded picture of a file, a playlist or an image. Places are shares of its width and height. */
export async function pictureOf(entry: string, { seconds = 0, matrix = "auto" }: Options = {}): Promise<Picture> {
  const read = entry.endsWith(".m3u8") ? ["-allowed_extensions", "ALL"] : [];
  const chosen = seconds === 0 ? "" : `setpts=PTS-STARTPTS,select='gte(t,${seconds})',`;
  const filters = `${chosen}scale=in_color_matrix=${matrix}:flags=bicubic+accurate_rnd+full_chroma_int,format=rgb24`;
  const output = ["-map", "0:v:0", "-vf", filters, "-frames:v", "1", "-f", "image2pipe", "-c:v", "ppm", "-"];
  const ffmpeg = Bun.spawn(["ffmpeg", "-hide_banner", "-nostdin", "-v", "error", ...read, "-i", entry, ...output], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const bytes = Buffer.from(await new Response(ffmpeg.stdout).arrayBuffer());
  const [head = "", width = "0", height = "0"] = /^P6\s(\d+) (\d+)\s255\s/.exec(bytes.toString("latin1", 0, 40)) ?? [];
  if (head === "") throw new Error(`${entry} has no picture at ${seconds} s`);
  const size = { width: Number(width), height: Number(height) };
  return {
    ...size,
    at(x, y) {
      const place = Math.floor(y * size.height) * size.width + Math.floor(x * size.width);
      const [red = 0, green = 0, blue = 0] = bytes.subarray(head.length + place * 3);
      return [red, green, blue];
    },
  };
}
