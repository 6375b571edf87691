/** What an address of the origin means. */
export type Route =
  | { kind: "multivariant"; handle: string }
  | { kind: "media-playlist"; handle: string; playbackId: string }
  | { kind: "init"; handle: string; playbackId: string; initId: number }
  | { kind: "segment"; handle: string; playbackId: string; msn: number }
  | { kind: "part"; handle: string; playbackId: string; msn: number; partIndex: number }
  | { kind: "unknown" };

const MULTIVARIANT = /^\/live\/([a-z0-9_]{1,64})\/index\.m3u8$/;
const CHILD =
  /^\/live\/([a-z0-9_]{1,64})\/([a-z0-9]{8,32})\/(?:(media\.m3u8)|init-(\d{1,9})\.mp4|s(\d{1,12})\.m4s|p(\d{1,12})\.(\d{1,6})\.m4s)$/;

/** File name of the media playlist, below the multivariant one's folder and the playback's. */
export const MEDIA_PLAYLIST = "media.m3u8";

/** Matches a path, literally: nothing is decoded, so nothing can climb out of it. */
export function routeOf(path: string): Route {
  const child = CHILD.exec(path);
  if (!child) {
    const top = MULTIVARIANT.exec(path);
    return top ? { kind: "multivariant", handle: top[1] ?? "" } : { kind: "unknown" };
  }
  const [, handle = "", playbackId = "", playlist, init, segment, msn, part] = child;
  if (playlist) return { kind: "media-playlist", handle, playbackId };
  if (init) return { kind: "init", handle, playbackId, initId: Number(init) };
  if (segment) return { kind: "segment", handle, playbackId, msn: Number(segment) };
  return { kind: "part", handle, playbackId, msn: Number(msn), partIndex: Number(part) };
}
