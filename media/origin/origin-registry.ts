import { gzipSync } from "node:zlib";
import type { RenderedPlaylist, StreamWindow } from "./stream-window";

/** One playback: the playlists and media of one live session, under an address of its own that is never used again. */
export type Playback = {
  handle: string;
  playbackId: string;
  window: StreamWindow;
  /** Text of the multivariant playlist now. */
  multivariant(): string;
};

/** What the origin can be asked for: the live playback of each handle, and ended ones for a while. */
export class OriginRegistry {
  private readonly live = new Map<string, Playback>();
  private readonly byId = new Map<string, Playback>();
  private readonly rendered = new WeakMap<Playback, { text: string; playlist: RenderedPlaylist }>();

  /** From now on the handle's multivariant playlist leads here. */
  publish(playback: Playback): void {
    this.live.set(playback.handle, playback);
    this.byId.set(playback.playbackId, playback);
  }

  /** The handle leads nowhere; the playback's own addresses still answer. */
  unpublish(playback: Playback): void {
    if (this.live.get(playback.handle) === playback) this.live.delete(playback.handle);
  }

  remove(playback: Playback): void {
    this.unpublish(playback);
    this.byId.delete(playback.playbackId);
  }

  playback(handle: string, playbackId: string): Playback | null {
    const found = this.byId.get(playbackId);
    return found?.handle === handle ? found : null;
  }

  multivariant(handle: string): RenderedPlaylist | null {
    const playback = this.live.get(handle);
    if (!playback) return null;
    const text = playback.multivariant();
    const kept = this.rendered.get(playback);
    if (kept?.text === text) return kept.playlist;
    const plain = Buffer.from(text);
    const playlist = { plain, gzip: gzipSync(plain) };
    this.rendered.set(playback, { text, playlist });
    return playlist;
  }
}
