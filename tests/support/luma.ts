/** The luma of each picture of a film, in 8 bits as it is stored. */
export async function lumaOf(entry: string): Promise<Uint8Array[]> {
  const read = entry.endsWith(".m3u8") ? ["-allowed_extensions", "ALL"] : [];
  const output = [
    "-map",
    "0:v:0",
    "-fps_mode",
    "passthrough",
    "-vf",
    "scale=160:90:flags=neighbor,format=yuv420p,extractplanes=y",
  ];
  const ffmpeg = Bun.spawn(
    ["ffmpeg", "-nostdin", "-v", "error", ...read, "-i", entry, ...output, "-pix_fmt", "gray", "-f", "rawvideo", "-"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const bytes = new Uint8Array(await new Response(ffmpeg.stdout).arrayBuffer());
  const size = 160 * 90;
  return Array.from({ length: bytes.length / size }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}
