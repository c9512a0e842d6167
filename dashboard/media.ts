const images = /\.(jpe?g|png|webp|gif|avif)$/i;

/** How the output at a URL is shown, by the extension of its path. */
export function kindOf(url: string): "image" | "hls" | "dash" | "file" | "unreachable" {
  if (!/^https?:/.test(url)) return "unreachable";
  const { pathname } = new URL(url);
  if (pathname.endsWith(".m3u8")) return "hls";
  if (pathname.endsWith(".mpd")) return "dash";
  return images.test(pathname) ? "image" : "file";
}
