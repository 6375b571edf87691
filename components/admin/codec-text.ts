import type { AudioInfo, VideoInfo } from "@/lib/media-contract/publish-calls";

/** `1920×1080, 60 fps, avc1.64002a`; a dash before the first picture. */
export function videoText(video: VideoInfo | null): string {
  if (!video) return "–";
  const { width, height, frameRate, codec } = video;
  return [`${width}×${height}`, frameRate > 0 && `${Math.round(frameRate * 100) / 100} fps`, codec]
    .filter(Boolean)
    .join(", ");
}

/** `48 kHz, 2 ch, mp4a.40.2`; a dash without sound. */
export function audioText(audio: AudioInfo | null): string {
  if (!audio) return "–";
  return `${audio.sampleRate / 1000} kHz, ${audio.channels} ch, ${audio.codec}`;
}
