import type Hls from "hls.js";
import type { ErrorData } from "hls.js";
import { firstPartsLoader } from "./first-parts-loader";
import { hlsConfig } from "./hls-config";
import { latencySettings, rememberedLatencyMode } from "./latency-mode";
import { type Playback, type PlaybackHandlers, retryDelayMs } from "./playback";
import type { PlaybackFault } from "./player-state";
import { landingSeconds, steerLatency } from "./steer-latency";

/** hls.js's light build: no alternate audio, no subtitles. Only pages that play fetch it. */
export const loadHls = () => import("hls.js/light");

/** Plays with hls.js, which is loaded only now. Retries whatever ends it, but for a codec that can't be decoded. */
export async function attachHls(
  video: HTMLVideoElement,
  playlistUrl: string,
  { failed }: PlaybackHandlers,
): Promise<Playback> {
  const { default: HlsPlayer } = await loadHls();
  const mode = rememberedLatencyMode();
  const hls = new HlsPlayer({
    ...hlsConfig,
    ...(mode === "normal" && { liveSyncDuration: landingSeconds(latencySettings.normal) }),
    pLoader: firstPartsLoader(HlsPlayer.DefaultConfig.loader),
  });
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  hls.on(HlsPlayer.Events.ERROR, (_event, data) => {
    if (!data.fatal) return;
    const fault = faultOf(data);
    failed(fault);
    if (fault === "codec") return hls.stopLoad();
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => recover(hls, playlistUrl, fault, failures), retryDelayMs(failures++));
  });
  hls.on(HlsPlayer.Events.FRAG_BUFFERED, () => {
    failures = 0;
  });
  hls.attachMedia(video);
  hls.loadSource(playlistUrl);
  const steering = steerLatency(video, hls, latencySettings[mode]);

  return {
    position: steering.position,
    goLive: steering.goLive,
    goBehind: steering.goBehind,
    setLatencyMode: (next) => steering.use(latencySettings[next]),
    destroy: () => {
      if (timer) clearTimeout(timer);
      steering.stop();
      hls.destroy();
    },
  };
}

/** A media fault is first repaired in place; everything else, and a fault that comes again, starts from the playlist. */
function recover(hls: Hls, playlistUrl: string, fault: PlaybackFault, failures: number): void {
  if (fault === "media" && failures <= 1) hls.recoverMediaError();
  else hls.loadSource(playlistUrl);
}

const codecFaults: ReadonlySet<string> = new Set([
  "manifestIncompatibleCodecsError",
  "bufferIncompatibleCodecsError",
  "bufferAddCodecError",
]);

function faultOf({ type, details }: ErrorData): PlaybackFault {
  if (codecFaults.has(details)) return "codec";
  return type === "networkError" ? "network" : "media";
}
