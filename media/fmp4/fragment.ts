import type { Sample } from "../segmenter/part";
import { AUDIO_TRACK_ID, VIDEO_TRACK_ID } from "./init-section";

const MFHD_SIZE = 16;
const TFHD_SIZE = 16;
const TFDT_SIZE = 20;
const TRUN_HEAD_SIZE = 20;
const BOX_HEAD_SIZE = 8;
const VIDEO_ROW_SIZE = 16;
const AUDIO_ROW_SIZE = 8;

/** default-base-is-moof (ISO/IEC 14496-12 8.8.7). */
const TFHD_FLAGS = 0x020000;
/** Data offset; duration, size, flags and composition offset of each sample (8.8.8). */
const VIDEO_TRUN_FLAGS = 0x000f01;
/** Data offset; duration and size of each sample. */
const AUDIO_TRUN_FLAGS = 0x000301;
/** sample_depends_on: 2, no other (8.8.3.1). */
const SYNC_SAMPLE_FLAGS = 0x02000000;
/** sample_depends_on: 1, and sample_is_non_sync_sample. */
const OTHER_SAMPLE_FLAGS = 0x01010000;

/**
 * One movie fragment (ISO/IEC 14496-12 8.8): moof, and mdat with the pictures first, then the sound.
 * Written in one buffer: this runs for every part of every stream.
 * @param sequenceNumber rises by one a fragment
 */
export function fragment(sequenceNumber: number, video: Sample[], audio: Sample[]): Buffer {
  const videoTrafSize = trafSize(video, VIDEO_ROW_SIZE);
  const moofSize = BOX_HEAD_SIZE + MFHD_SIZE + videoTrafSize + trafSize(audio, AUDIO_ROW_SIZE);
  const videoSize = bytesOf(video);
  const mdatSize = BOX_HEAD_SIZE + videoSize + bytesOf(audio);
  const out = Buffer.allocUnsafeSlow(moofSize + mdatSize);
  let at = boxHead(out, 0, moofSize, "moof");
  at = boxHead(out, at, MFHD_SIZE, "mfhd");
  at = out.writeUInt32BE(0, at);
  at = out.writeUInt32BE(sequenceNumber >>> 0, at);
  const dataAt = moofSize + BOX_HEAD_SIZE;
  if (video.length) at = writeTraf(out, at, VIDEO_TRACK_ID, video, dataAt);
  if (audio.length) at = writeTraf(out, at, AUDIO_TRACK_ID, audio, dataAt + videoSize);
  at = boxHead(out, at, mdatSize, "mdat");
  for (const { data } of video) at += data.copy(out, at);
  for (const { data } of audio) at += data.copy(out, at);
  return out;
}

function bytesOf(samples: Sample[]): number {
  let sum = 0;
  for (const { data } of samples) sum += data.length;
  return sum;
}

function trafSize(samples: Sample[], rowSize: number): number {
  if (samples.length === 0) return 0;
  return BOX_HEAD_SIZE + TFHD_SIZE + TFDT_SIZE + TRUN_HEAD_SIZE + samples.length * rowSize;
}

function boxHead(out: Buffer, at: number, size: number, type: string): number {
  out.writeUInt32BE(size, at);
  out.write(type, at + 4, "latin1");
  return at + 8;
}

function writeTraf(out: Buffer, start: number, trackId: number, samples: Sample[], dataAt: number): number {
  const isVideo = trackId === VIDEO_TRACK_ID;
  const rowSize = isVideo ? VIDEO_ROW_SIZE : AUDIO_ROW_SIZE;
  let at = boxHead(out, start, trafSize(samples, rowSize), "traf");
  at = boxHead(out, at, TFHD_SIZE, "tfhd");
  at = out.writeUInt32BE(TFHD_FLAGS, at);
  at = out.writeUInt32BE(trackId, at);
  at = writeDecodeTime(out, at, samples[0]?.dtsTicks ?? 0);
  at = boxHead(out, at, TRUN_HEAD_SIZE + samples.length * rowSize, "trun");
  // Version 1 makes composition offsets signed.
  at = out.writeUInt32BE(0x01000000 + (isVideo ? VIDEO_TRUN_FLAGS : AUDIO_TRUN_FLAGS), at);
  at = out.writeUInt32BE(samples.length, at);
  at = out.writeUInt32BE(dataAt, at);
  for (const sample of samples) {
    at = out.writeUInt32BE(sample.durationTicks >>> 0, at);
    at = out.writeUInt32BE(sample.data.length, at);
    if (!isVideo) continue;
    at = out.writeUInt32BE(sample.isSync ? SYNC_SAMPLE_FLAGS : OTHER_SAMPLE_FLAGS, at);
    at = out.writeInt32BE(sample.compositionOffsetTicks, at);
  }
  return at;
}

/** tfdt (8.8.12), version 1: 64 bits. */
function writeDecodeTime(out: Buffer, start: number, ticks: number): number {
  let at = boxHead(out, start, TFDT_SIZE, "tfdt");
  at = out.writeUInt32BE(0x01000000, at);
  at = out.writeUInt32BE(Math.floor(ticks / 2 ** 32), at);
  return out.writeUInt32BE(ticks % 2 ** 32, at);
}
