/** The path of a channel's multivariant playlist on the HLS origin; everything below it is relative and opaque. */
export function playlistPath(handle: string): string {
  return `/live/${encodeURIComponent(handle)}/index.m3u8`;
}

/** RTMP application that encoders publish to. */
export const RTMP_APPLICATION = "live";
