import type Hls from "hls.js";
import type { ErrorData } from "hls.js";
import { firstPartsLoader } from "./first-parts-loader";
import { hlsConfig } from "./hls-config";
import { latencySettings, rememberedLatencyMode } from "./latency-mode";
import { loadHls } from "./load-hls";
import { type Playback, type PlaybackHandlers, retryDelayMs } from "./playback";
import type { PlaybackFault } from "./player-state";
import { restartWhenStuck } from "./restart-when-stuck";
import { landingSeconds, steerLatency } from "./steer-latency";

/** A browser learns no codec, but the encoder may come back with another one; it costs one small request to see. */
const codecRetryMs = 4_000;

/** Plays with hls.js, which is loaded only now. Retries whatever ends it. */
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
    if (timer) clearTimeout(timer);
    const delayMs = fault === "codec" ? codecRetryMs : retryDelayMs(failures++);
    timer = setTimeout(() => recover(hls, fault, failures, restart), delayMs);
  });
  hls.on(HlsPlayer.Events.FRAG_BUFFERED, () => {
    failures = 0;
  });
  hls.attachMedia(video);
  hls.loadSource(playlistUrl);
  const steering = steerLatency(video, hls, latencySettings[mode]);
  const restart = () => {
    // A new load counts time from the oldest segment on; -1 is the live edge.
    hls.config.startPosition = steering.secondsIntoWindow() ?? -1;
    hls.loadSource(playlistUrl);
  };
  const stopWatching = restartWhenStuck({
    hls,
    video,
    isFollowing: () => steering.secondsIntoWindow() === null,
    restart,
  });

  return {
    position: steering.position,
    goLive: steering.goLive,
    goBehind: steering.goBehind,
    setLatencyMode: (next) => steering.use(latencySettings[next]),
    destroy: () => {
      if (timer) clearTimeout(timer);
      stopWatching();
      steering.stop();
      hls.destroy();
    },
  };
}

/** A media fault is first repaired in place; everything else, and a fault that comes again, starts from the playlist. */
function recover(hls: Hls, fault: PlaybackFault, failures: number, restart: () => void): void {
  if (fault === "media" && failures <= 1) hls.recoverMediaError();
  else restart();
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
