const MODIFIER = 7;
const ONE_TRACK = 0;
const MANY_TRACKS_MANY_CODECS = 2;

/** What an ExVideoTagHeader or ExAudioTagHeader says of one track, and that track's bytes. */
export type EnhancedTag = { packetType: number; fourCc: string; body: Buffer };

/**
 * Reads the header of Enhanced RTMP 2 ("Extended VideoTagHeader", "ExAudioTagHeader"): modifiers are skipped, as their
 * nanosecond offsets are below what parts need, and of a multitrack message the default track, number 0, is taken.
 * @param multitrack the packet type that announces several tracks: 6 for video, 5 for audio
 * @returns null when the message is cut off or has no track 0
 */
export function readEnhancedHeader(payload: Buffer, multitrack: number): EnhancedTag | null {
  const first = payload[0];
  if (first === undefined) return null;
  const start = (first & 15) === MODIFIER ? skipModifiers(payload) : { packetType: first & 15, at: 1 };
  if (!start) return null;
  return start.packetType === multitrack ? defaultTrack(payload, start.at) : singleTrack(payload, start);
}

function singleTrack(payload: Buffer, { packetType, at }: { packetType: number; at: number }): EnhancedTag | null {
  if (payload.length < at + 4) return null;
  return { packetType, fourCc: fourCcAt(payload, at), body: payload.subarray(at + 4) };
}

/** ModEx: size less one in one byte, or 255 and then in two; the data; the modifier's type and the next packet type. */
function skipModifiers(payload: Buffer): { packetType: number; at: number } | null {
  let at = 1;
  for (;;) {
    let size = (payload[at++] ?? Number.NaN) + 1;
    if (size === 256) {
      if (at + 2 > payload.length) return null;
      size = payload.readUInt16BE(at) + 1;
      at += 2;
    }
    at += size;
    const next = payload[at++];
    if (next === undefined) return null;
    if ((next & 15) !== MODIFIER) return { packetType: next & 15, at };
  }
}

function defaultTrack(payload: Buffer, start: number): EnhancedTag | null {
  const types = payload[start];
  if (types === undefined) return null;
  const [multitrackType, packetType] = [types >> 4, types & 15];
  const hasOwnCodecs = multitrackType === MANY_TRACKS_MANY_CODECS;
  let at = start + 1;
  let fourCc = "";
  if (!hasOwnCodecs) {
    if (payload.length < at + 4) return null;
    fourCc = fourCcAt(payload, at);
    at += 4;
  }
  while (at < payload.length) {
    if (hasOwnCodecs) {
      if (payload.length < at + 4) return null;
      fourCc = fourCcAt(payload, at);
      at += 4;
    }
    const trackId = payload[at++];
    if (multitrackType === ONE_TRACK) return trackId === 0 ? { packetType, fourCc, body: payload.subarray(at) } : null;
    if (payload.length < at + 3) return null;
    const size = payload.readUIntBE(at, 3);
    at += 3;
    if (trackId === 0 && at + size <= payload.length)
      return { packetType, fourCc, body: payload.subarray(at, at + size) };
    at += size;
  }
  return null;
}

/** Printable, as it is named to the streamer and in the log. */
function fourCcAt(payload: Buffer, at: number): string {
  return payload.toString("latin1", at, at + 4).replace(/[^\x20-\x7e]/g, "?");
}
