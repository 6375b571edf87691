/** Ticks a second of every video track, and of the clock that parts and segments are cut by. */
export const CLOCK_RATE = 90_000;

/**
 * One coded picture, or one frame of sound, on the live session's own timeline: whatever makes media ends here,
 * whatever packages it begins here. Times are in ticks of the track's timescale (video 90 kHz, audio its sampling rate).
 */
export type AccessUnit = {
  track: "video" | "audio";
  /** Never goes back within a track. */
  dtsTicks: number;
  /** Signed: presentation minus decoding time. */
  compositionOffsetTicks: number;
  /** Known ahead for sound and for a steady frame rate; null: it lasts until the next one. */
  durationTicks: number | null;
  /** `dtsTicks` on the common 90 kHz clock. */
  clockTicks: number;
  /** `durationTicks` on the common 90 kHz clock. */
  clockDurationTicks: number | null;
  isKeyFrame: boolean;
  data: Buffer;
};
