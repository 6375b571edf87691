import { attachHls } from "./attach-hls";
import { attachNative } from "./attach-native";
import { hasMediaSource, type Playback, type PlaybackHandlers } from "./playback";

/** Plays a playlist into a video element, by the best way this browser has. The returned function stops it, also while it is still loading. */
export function attachPlayback(
  video: HTMLVideoElement,
  playlistUrl: string,
  handlers: PlaybackHandlers,
  attached: (playback: Playback) => void,
): () => void {
  let playback: Playback | null = null;
  let isOver = false;

  const take = (made: Playback) => {
    if (isOver) return made.destroy();
    playback = made;
    attached(made);
  };
  if (!hasMediaSource()) take(attachNative(video, playlistUrl, handlers));
  else attachHls(video, playlistUrl, handlers).then(take, () => handlers.failed("network"));

  return () => {
    isOver = true;
    playback?.destroy();
  };
}
