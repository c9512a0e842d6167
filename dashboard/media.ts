import type { Job } from "#client/client.ts";

const images = /\.(jpe?g|png|webp|gif|avif)$/i;

/** How the output at a URL is shown, by the extension of its path. */
export function kindOf(url: string): "image" | "hls" | "dash" | "file" | "unreachable" {
  if (!/^https?:/.test(url)) return "unreachable";
  const { pathname } = new URL(url);
  if (pathname.endsWith(".m3u8")) return "hls";
  if (pathname.endsWith(".mpd")) return "dash";
  return images.test(pathname) ? "image" : "file";
}

/** The address of a picture that a job has made, which a browser can fetch; undefined where there is none. */
export function pictureIn({ output_url: url = "", outputs }: Pick<Job, "output_url" | "outputs">): string | undefined {
  if (kindOf(url) === "unreachable") return undefined;
  if (kindOf(url) === "image") return url;
  const poster = outputs?.renditions.find(({ kind, path }) => kind === "image" && images.test(path));
  if (!poster) return undefined;
  // What the query of the output's address allows holds for the files beside it.
  const found = new URL(poster.path.split("/").map(encodeURIComponent).join("/"), url);
  found.search = new URL(url).search;
  return found.href;
}
