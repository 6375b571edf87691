import { BitReader } from "./bit-reader";
import { assertRecordSize, CodecError } from "./codec-error";
import type { AudioConfig } from "./decoder-config";

const SAMPLE_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
/** By channel configuration (ISO/IEC 14496-3 1.6.3.5); 0 where it is reserved. */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 0, 8];
const SBR = 5;
const PS = 29;

/**
 * Reads an AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1).
 * @throws CodecError when it is malformed or isn't AAC.
 */
export function parseAacConfig(record: Buffer): AudioConfig {
  assertRecordSize(record);
  const r = new BitReader(record);
  const objectType = readObjectType(r);
  let sampleRate = readSampleRate(r);
  const channelConfiguration = r.bits(4);
  let coreType = objectType;
  if (objectType === SBR || objectType === PS) {
    sampleRate = readSampleRate(r);
    coreType = readObjectType(r);
  }
  if (coreType !== 2 && coreType !== 1 && coreType !== 4) throw new CodecError(`audio object type ${coreType}`);
  const frameLengthFlag = r.flag();
  const channels = CHANNELS[channelConfiguration];
  // Channel configuration 0 describes its channels in a program config element; encoders of broadcasts don't use it.
  if (!channels) throw new CodecError(`channel configuration ${channelConfiguration}`);
  const coreSamples = frameLengthFlag ? 960 : 1024;
  const samplesPerUnit = objectType === coreType ? coreSamples : coreSamples * 2;
  return {
    track: "audio",
    codec: "aac",
    codecs: `mp4a.40.${objectType}`,
    sampleRate,
    // Parametric stereo makes two channels of one.
    channels: objectType === PS ? 2 : channels,
    record,
    samplesPerUnit,
  };
}

function readObjectType(r: BitReader): number {
  const type = r.bits(5);
  return type === 31 ? 32 + r.bits(6) : type;
}

function readSampleRate(r: BitReader): number {
  const index = r.bits(4);
  const rate = index === 15 ? r.bits(24) : SAMPLE_RATES[index];
  if (!rate || rate < 7350 || rate > 96000) throw new CodecError(`sampling frequency index ${index}`);
  return rate;
}
