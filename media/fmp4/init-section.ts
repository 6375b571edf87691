import type { AudioConfig, VideoConfig } from "../codec/decoder-config";
import { CLOCK_RATE } from "../timeline/access-unit";
import { box, fullBox, u16, u32 } from "./box";
import { audioSampleEntry, videoSampleEntry } from "./sample-entry";

export const VIDEO_TRACK_ID = 1;
export const AUDIO_TRACK_ID = 2;

const UNITY_MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
/** ISO 639-2 `und`, packed (section 8.4.2.3). */
const LANGUAGE_UNDETERMINED = 0x55c4;

export type Tracks = { video: VideoConfig | null; audio: AudioConfig | null };

/** Ticks a second of a track: 90 kHz for pictures, the sampling rate for sound, so that neither is ever rounded. */
export function timescaleOf(config: VideoConfig | AudioConfig): number {
  return config.track === "video" ? CLOCK_RATE : config.sampleRate;
}

/** The Media Initialization Section (RFC 8216 3.3): ftyp and moov of one or both tracks. */
export function initSection({ video, audio }: Tracks): Buffer {
  const tracks = [video, audio].filter((track) => track !== null);
  const moov = box("moov", movieHeader(), tracks.map(trackBox), box("mvex", tracks.map(trackExtends)));
  return Buffer.concat([fileType(), moov]);
}

/** Section 4.3. Not a CMAF brand: a CMAF track file has one track. */
function fileType(): Buffer {
  return box("ftyp", Buffer.from("iso6"), u32(0), Buffer.from("iso6mp41"));
}

/** Section 8.2.2. The duration is 0: it is in the fragments. */
function movieHeader(): Buffer {
  return fullBox(
    "mvhd",
    0,
    0,
    u32(0, 0, CLOCK_RATE, 0, 0x10000),
    u16(0x0100, 0),
    u32(0, 0),
    UNITY_MATRIX,
    u32(0, 0, 0, 0, 0, 0, 3),
  );
}

function trackBox(config: VideoConfig | AudioConfig): Buffer {
  return box("trak", trackHeader(config), box("mdia", mediaHeader(config), handler(config), mediaInformation(config)));
}

function idOf(config: VideoConfig | AudioConfig): number {
  return config.track === "video" ? VIDEO_TRACK_ID : AUDIO_TRACK_ID;
}

/** Section 8.3.2; flags: enabled, in movie, in preview. */
function trackHeader(config: VideoConfig | AudioConfig): Buffer {
  const isVideo = config.track === "video";
  const size = isVideo ? [config.width * 65536, config.height * 65536] : [0, 0];
  const volume = u16(0, 0, isVideo ? 0 : 0x0100, 0);
  return fullBox("tkhd", 0, 7, u32(0, 0, idOf(config), 0, 0, 0, 0), volume, UNITY_MATRIX, u32(...size));
}

/** Section 8.4.2. */
function mediaHeader(config: VideoConfig | AudioConfig): Buffer {
  return fullBox("mdhd", 0, 0, u32(0, 0, timescaleOf(config), 0), u16(LANGUAGE_UNDETERMINED, 0));
}

/** Section 8.4.3. */
function handler(config: VideoConfig | AudioConfig): Buffer {
  const type = config.track === "video" ? "vide" : "soun";
  return fullBox("hdlr", 0, 0, u32(0), Buffer.from(type), u32(0, 0, 0), Buffer.from("Livehouse\0"));
}

function mediaInformation(config: VideoConfig | AudioConfig): Buffer {
  const header = config.track === "video" ? fullBox("vmhd", 0, 1, u16(0, 0, 0, 0)) : fullBox("smhd", 0, 0, u16(0, 0));
  const dataReference = fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, 1));
  return box("minf", header, box("dinf", dataReference), sampleTable(config));
}

/** Section 8.5: the tables are empty, the samples are in the fragments. */
function sampleTable(config: VideoConfig | AudioConfig): Buffer {
  const entry = config.track === "video" ? videoSampleEntry(config) : audioSampleEntry(config);
  const empty = ["stts", "stsc", "stco"].map((type) => fullBox(type, 0, 0, u32(0)));
  return box("stbl", fullBox("stsd", 0, 0, u32(1), entry), empty, fullBox("stsz", 0, 0, u32(0, 0)));
}

/** Section 8.8.3. */
function trackExtends(config: VideoConfig | AudioConfig): Buffer {
  return fullBox("trex", 0, 0, u32(idOf(config), 1, 0, 0, 0));
}
