import type { HlsConfig } from "hls.js";

/**
 * hls.js 1.7.4 refuses a playlist without a complete segment (`levelEmptyError`, playlist-loader.ts), and so shows a new
 * broadcast only when its first segment has ended. This puts an empty segment marked as a gap (RFC 8216bis 4.4.4.7) before
 * the first parts; the next playlist no longer has it.
 */
export function withSegment(playlist: string): string {
  if (!playlist.includes("#EXT-X-PART:") || playlist.includes("#EXTINF:")) return playlist;
  const sequence = Number(/^#EXT-X-MEDIA-SEQUENCE:(\d+)/m.exec(playlist)?.[1] ?? 0);
  return playlist
    .replace(/^#EXT-X-MEDIA-SEQUENCE:.*$/m, `#EXT-X-MEDIA-SEQUENCE:${sequence - 1}`)
    .replace(/^#EXT-X-MAP:/m, "#EXT-X-GAP\n#EXTINF:0.001,\nnothing\n#EXT-X-MAP:");
}

type Loader = HlsConfig["loader"];

/** hls.js's own loader of playlists, with `withSegment` behind it. */
export function firstPartsLoader(Base: Loader): NonNullable<HlsConfig["pLoader"]> {
  return class extends Base {
    override load(...[context, config, callbacks]: Parameters<InstanceType<Loader>["load"]>): void {
      super.load(context, config, {
        ...callbacks,
        onSuccess: (response, stats, loaded, details) => {
          const { data } = response;
          callbacks.onSuccess(
            typeof data === "string" ? { ...response, data: withSegment(data) } : response,
            stats,
            loaded,
            details,
          );
        },
      });
    }
  } as NonNullable<HlsConfig["pLoader"]>;
}
