import type { HlsConfig } from "hls.js";

/**
 * hls.js for low latency. What its defaults get wrong for a live page, and what our own parts take over:
 * catching up by rate (`latency-controller.ts`) and retrying for ever (`attach-hls.ts`).
 */
export const hlsConfig: Partial<HlsConfig> = {
  lowLatencyMode: true,
  // Media Source where there is one, ManagedMediaSource on iPhones.
  preferManagedMediaSource: true,
  // Fragmented MP4 is only passed through; a worker takes longer to start than that saves.
  enableWorker: false,
  // Its own catch-up acts only above 1 s of buffer; two controls would fight.
  maxLiveSyncPlaybackRate: 1,
  // No liveSyncDuration or -Count for low latency: either would override PART-HOLD-BACK (hls.js 1.7.4, latency-controller.ts).
  // A stall must not push the start position ever further back: the latency controller decides that.
  liveSyncOnStallIncrease: 0,
  // The default keeps everything ever played.
  backBufferLength: 30,
  maxBufferLength: 12,
  maxMaxBufferLength: 30,
  // The first frame should not wait for a bandwidth estimate of a second variant.
  startLevel: -1,
  testBandwidth: false,
  maxBufferHole: 0.2,
  nudgeMaxRetry: 10,
  manifestLoadPolicy: {
    default: {
      maxTimeToFirstByteMs: 4_000,
      maxLoadTimeMs: 8_000,
      timeoutRetry: null,
      // A 404 means "not yet": the page retries that itself, faster than a policy could.
      errorRetry: null,
    },
  },
  // A blocking reload is answered within three target durations.
  playlistLoadPolicy: {
    default: {
      maxTimeToFirstByteMs: 12_000,
      maxLoadTimeMs: 16_000,
      timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 },
      errorRetry: { maxNumRetry: 6, retryDelayMs: 250, maxRetryDelayMs: 2_000 },
    },
  },
  fragLoadPolicy: {
    default: {
      maxTimeToFirstByteMs: 8_000,
      maxLoadTimeMs: 20_000,
      timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 },
      errorRetry: { maxNumRetry: 4, retryDelayMs: 200, maxRetryDelayMs: 1_500 },
    },
  },
};
