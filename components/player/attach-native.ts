import { type Playback, type PlaybackHandlers, retryDelayMs } from "./playback";

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
  const edge = () => (video.seekable.length ? video.seekable.end(video.seekable.length - 1) : null);

  video.addEventListener("error", onError);
  video.addEventListener("playing", onPlaying);
  load();
  return {
    behindEdgeSeconds() {
      const end = edge();
      return end === null ? null : Math.max(0, end - video.currentTime);
    },
    goLive() {
      const end = edge();
      if (end !== null) video.currentTime = end;
    },
    destroy() {
      if (timer) clearTimeout(timer);
      video.removeEventListener("error", onError);
      video.removeEventListener("playing", onPlaying);
      video.removeAttribute("src");
      video.load();
    },
  };
}
