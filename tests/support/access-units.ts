import { type AccessUnit, CLOCK_RATE } from "@/media/timeline/access-unit";

export type UnitStreamOptions = {
  seconds: number;
  frameRate: number;
  /** Distance of key frames in seconds; a function tells of each frame whether it is one. */
  gop: number | ((frame: number) => boolean);
  /** Hertz; null: no sound. */
  sampleRate?: number | null;
  /** Decoding times of frames in ms; default: even, rounded to milliseconds as RTMP rounds them. */
  frameTimes?: (frame: number) => number;
  /** Sound starts this late. */
  audioFromSeconds?: number;
  /** From when to when there is no picture. */
  videoGap?: [number, number];
  sizeBytes?: number;
};

const START_TICKS = 10 * CLOCK_RATE;

/** Access units as a raw timeline gives them (times rounded to milliseconds, durations unknown), in the order of their times. */
export function* unitStream(options: UnitStreamOptions): Generator<AccessUnit> {
  const {
    seconds,
    frameRate,
    gop,
    sampleRate = 48000,
    audioFromSeconds = 0,
    videoGap = [0, 0],
    sizeBytes = 40,
  } = options;
  const evenly = (frame: number) => (frameRate > 0 ? Math.round((frame * 1000) / frameRate) : Number.POSITIVE_INFINITY);
  const frameMs = options.frameTimes ?? evenly;
  const every = typeof gop === "number" ? Math.round(gop * frameRate) : 0;
  const isKey = typeof gop === "number" ? (frame: number) => frame % every === 0 : gop;
  const soundAt = (index: number) =>
    audioFromSeconds * 1000 + (sampleRate ? (index * 1_024_000) / sampleRate : Number.POSITIVE_INFINITY);
  let serial = 0;
  for (let frame = 0, sound = 0; Math.min(frameMs(frame), soundAt(sound)) < seconds * 1000; ) {
    const data = Buffer.alloc(sizeBytes);
    data.writeUInt32BE(++serial);
    if (frameRate > 0 && frameMs(frame) <= soundAt(sound)) {
      const ms = frameMs(frame);
      const isKeyFrame = isKey(frame++);
      if (ms / 1000 >= videoGap[0] && ms / 1000 < videoGap[1]) continue;
      const ticks = START_TICKS + ms * 90;
      yield {
        track: "video",
        dtsTicks: ticks,
        clockTicks: ticks,
        compositionOffsetTicks: 0,
        durationTicks: null,
        clockDurationTicks: null,
        isKeyFrame,
        data,
      };
    } else {
      const dtsTicks = 10 * (sampleRate ?? 1) + Math.round(audioFromSeconds * (sampleRate ?? 1)) + 1024 * sound++;
      const clock = (ticks: number) => Math.round((ticks * CLOCK_RATE) / (sampleRate ?? 1));
      yield {
        track: "audio",
        dtsTicks,
        clockTicks: clock(dtsTicks),
        compositionOffsetTicks: 0,
        durationTicks: 1024,
        clockDurationTicks: clock(1024),
        isKeyFrame: true,
        data,
      };
    }
  }
}
