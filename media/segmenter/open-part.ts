import type { AccessUnit } from "../timeline/access-unit";
import type { Sample } from "./part";

/** The part that is being filled. */
export class OpenPart {
  readonly video: Sample[] = [];
  readonly audio: Sample[] = [];
  /** Where its media ends so far, on the 90 kHz clock. */
  endTicks: number;
  sizeBytes = 0;

  constructor(public startTicks: number) {
    this.endTicks = startTicks;
  }

  get isEmpty(): boolean {
    return this.video.length === 0 && this.audio.length === 0;
  }

  get hasVideo(): boolean {
    return this.video.length > 0;
  }

  get beginsWithKeyFrame(): boolean {
    return this.video[0]?.isSync ?? false;
  }

  /** `durationTicks` in the track's own timescale, `clockDurationTicks` the same on the 90 kHz clock. */
  add(unit: AccessUnit, durationTicks: number, clockDurationTicks: number): void {
    const sample = {
      dtsTicks: unit.dtsTicks,
      durationTicks,
      compositionOffsetTicks: unit.compositionOffsetTicks,
      isSync: unit.isKeyFrame,
      data: unit.data,
    };
    (unit.track === "video" ? this.video : this.audio).push(sample);
    this.endTicks = Math.max(this.endTicks, unit.clockTicks + clockDurationTicks);
    this.sizeBytes += unit.data.length;
  }
}
