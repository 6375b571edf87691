import type { HlsConfig } from "hls.js";

const placeholder = [
  "#EXT-X-START:TIME-OFFSET=0.01",
  "#EXT-X-GAP",
  '#EXT-X-PART:DURATION=0.001,URI="nothing",GAP=YES',
  "#EXTINF:0.002,",
  "nothing",
];

/**
 * hls.js 1.7.4 refuses a playlist without a complete segment (`levelEmptyError`, playlist-loader.ts), and loads no part of
 * the open one unless parts of an earlier one are listed (`shouldLoadParts`, base-stream-controller.ts): it would show a new
 * broadcast only when its first segment has ended. This puts an empty segment marked as a gap (RFC 8216bis 4.4.4.7) before
 * the first parts, and has playback start behind it; the playlist with the first whole segment needs neither.
 */
export function withSegment(playlist: string): string {
  if (!playlist.includes("#EXT-X-PART:") || playlist.includes("#EXTINF:")) return playlist;
  const sequence = Number(/^#EXT-X-MEDIA-SEQUENCE:(\d+)/m.exec(playlist)?.[1] ?? 0);
  return playlist
    .replace(/^#EXT-X-MEDIA-SEQUENCE:.*$/m, `#EXT-X-MEDIA-SEQUENCE:${sequence - 1}`)
    .replace(/^#EXT-X-MAP:/m, `${placeholder.join("\n")}\n#EXT-X-MAP:`);
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
