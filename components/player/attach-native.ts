import { type Playback, type PlaybackHandlers, retryDelayMs } from "./playback";

/** Natively played, the picture is further from the edge, and no player says how far it means to be. */
const followingSeconds = 30;

/** Plays by the browser's own HLS: only for browsers without any Media Source. Retries until destroyed. */
export function attachNative(video: HTMLVideoElement, playlistUrl: string, { failed }: PlaybackHandlers): Playback {
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const load = () => {
    video.src = playlistUrl;
    video.load();
  };
  const onError = () => {
    // A 404 and an unknown codec are both "source not supported" here; the states of the channel tell them apart well enough.
    failed(video.error?.code === MediaError.MEDIA_ERR_DECODE ? "media" : "network");
    timer = setTimeout(load, retryDelayMs(failures++));
  };
  const onPlaying = () => {
    failures = 0;
  };
  // Chromium's own player has nothing seekable in a live playlist.
  const edge = () => (video.seekable.length ? video.seekable.end(video.seekable.length - 1) : null);
  const goLive = () => {
    const end = edge();
    if (end !== null) video.currentTime = end;
    else load();
  };

  video.addEventListener("error", onError);
  video.addEventListener("playing", onPlaying);
  load();
  return {
    position() {
      const end = edge();
      if (end === null) return null;
      const behindSeconds = Math.max(0, end - video.currentTime);
      return {
        behindSeconds,
        windowSeconds: end - video.seekable.start(0),
        isFollowing: behindSeconds < followingSeconds && !video.paused,
      };
    },
    goLive,
    goBehind(seconds) {
      const end = edge();
      if (end === null) return;
      if (seconds <= 0) goLive();
      else video.currentTime = Math.max(video.seekable.start(0), end - seconds);
    },
    setLatencyMode: () => undefined,
    destroy() {
      if (timer) clearTimeout(timer);
      video.removeEventListener("error", onError);
      video.removeEventListener("playing", onPlaying);
      video.removeAttribute("src");
      video.load();
    },
  };
}
