// Runs inside every page, from the start of its document: finds the page's video and notes what it shows and when.
// Bundled to one script by watching-browser.ts. All times are the wall clock of this machine in ms.
import { CLOCK_COLUMNS, CLOCK_STRIP, readClock } from "../camera/clock-blocks";

export type PageSample = { atMs: number; clockMs: number | null; rate: number };
export type PageReport = {
  /** When a video of this page first showed a picture; null: not yet. */
  firstFrameMs: number | null;
  /** The last click, also one on the page before this one. */
  clickedMs: number | null;
  samples: PageSample[];
  events: { atMs: number; type: string }[];
  nowMs: number;
  totalFrames: number;
  droppedFrames: number;
  /** The video's own error, or why its picture can't be read. */
  error: string | null;
};

declare global {
  interface Window {
    benchSampler?: { report(): PageReport; firstFrameMs(): number | null };
  }
}

const SAMPLE_MS = 100;
const BLOCK = 4;
const CLICK_ITEM = "bench-clicked-ms";

const canvas = document.createElement("canvas");
canvas.width = CLOCK_COLUMNS * BLOCK;
canvas.height = 2 * BLOCK;
const context = canvas.getContext("2d", { willReadFrequently: true });
let video: HTMLVideoElement | null = null;
let firstFrameMs: number | null = null;
let error: string | null = null;
const samples: PageSample[] = [];
const events: PageReport["events"] = [];

function readPicture(shown: HTMLVideoElement): number | null {
  if (!context) return null;
  const strip = shown.videoHeight * CLOCK_STRIP;
  context.drawImage(shown, 0, 0, shown.videoWidth, strip, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const middle = BLOCK / 2;
  const greenAt = (column: number, row: number) =>
    data[((row * BLOCK + middle) * canvas.width + column * BLOCK + middle) * 4 + 1] ?? 0;
  return readClock(greenAt, Date.now());
}

function sample(): void {
  if (!video || firstFrameMs === null || video.videoWidth === 0) return;
  try {
    const clockMs = readPicture(video);
    samples.push({ atMs: Date.now(), clockMs, rate: video.playbackRate });
  } catch (reason) {
    error = String(reason);
  }
}

function attach(found: HTMLVideoElement): void {
  video = found;
  firstFrameMs = null;
  for (const type of ["waiting", "playing", "seeking", "error", "ended"]) {
    found.addEventListener(type, () => events.push({ atMs: Date.now(), type }));
  }
  found.requestVideoFrameCallback(() => {
    if (video === found) firstFrameMs = Date.now();
  });
}

setInterval(() => {
  const found = document.querySelector("video");
  if (found && found !== video) attach(found);
}, 10);
setInterval(sample, SAMPLE_MS);
document.addEventListener("click", () => sessionStorage.setItem(CLICK_ITEM, String(Date.now())), { capture: true });

window.benchSampler = {
  firstFrameMs: () => firstFrameMs,
  report() {
    const quality = video?.getVideoPlaybackQuality();
    const clicked = sessionStorage.getItem(CLICK_ITEM);
    return {
      firstFrameMs,
      clickedMs: clicked ? Number(clicked) : null,
      samples,
      events,
      nowMs: Date.now(),
      totalFrames: quality?.totalVideoFrames ?? 0,
      droppedFrames: quality?.droppedVideoFrames ?? 0,
      error: video?.error?.message ?? error,
    };
  },
};
