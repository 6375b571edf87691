import { gunzipSync } from "node:zlib";
import type { HttpAnswer } from "./http-connection";
import { type Playlist, readPlaylist } from "./read-playlist";

const KEPT = 16;

/** Many viewers get the very same bytes: each playlist is unpacked and read once a process, or reading would be what is measured. */
export class PlaylistMemory {
  private readonly known: { body: Buffer; playlist: Playlist }[] = [];

  /** @throws Error when it is no playlist */
  read({ body, isGzip }: HttpAnswer): Playlist {
    const bytes = body ?? Buffer.alloc(0);
    const found = this.known.find((entry) => entry.body.equals(bytes));
    if (found) return found.playlist;
    const playlist = readPlaylist((isGzip ? gunzipSync(bytes) : bytes).toString());
    this.known.unshift({ body: bytes, playlist });
    this.known.length = Math.min(this.known.length, KEPT);
    return playlist;
  }
}
