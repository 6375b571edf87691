import type { StreamMetadata } from "./flv-unit";

const NOTHING: StreamMetadata = { hasVideo: null, hasAudio: null, frameRate: null };

/** Encoders send some twenty properties; more than this is somebody's joke. */
const MAX_PROPERTIES = 200;

/**
 * Reads the flat part of onMetaData (FLV 10.1 E.5), with or without `@setDataFrame` before it. Nested values end the reading:
 * what encoders announce about their tracks stands at the top level. Never throws; returns nulls for what it can't read.
 */
export function readScriptTag(payload: Buffer): StreamMetadata {
  const reader = new Amf0Reader(payload);
  let name = reader.value();
  if (name === "@setDataFrame") name = reader.value();
  if (name !== "onMetaData") return NOTHING;
  const { properties, isWhole } = reader.properties();
  const number = (key: string) => {
    const value = properties.get(key);
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  };
  const frameRate = number("framerate") ?? number("fps");
  // A track is only then known to be missing when everything could be read and the other one is announced.
  const isTelling = isWhole && (properties.has("videocodecid") || properties.has("audiocodecid"));
  const announces = (key: string) => properties.has(key) || (isTelling ? false : null);
  return {
    hasVideo: announces("videocodecid"),
    hasAudio: announces("audiocodecid"),
    frameRate: frameRate !== null && frameRate >= 1 && frameRate <= 1000 ? frameRate : null,
  };
}

type Scalar = number | boolean | string | null | undefined;

/** Scalars and one flat object of AMF 0 (section 2); `undefined` marks the end of what can be read. */
class Amf0Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  value(): Scalar {
    const marker = this.bytes[this.at++];
    if (marker === 0) return this.take(8)?.readDoubleBE(0);
    if (marker === 1) {
      const flag = this.take(1);
      return flag ? flag[0] !== 0 : undefined;
    }
    if (marker === 2) return this.text();
    if (marker === 5 || marker === 6) return null;
    return undefined;
  }

  /** `isWhole`: up to the object's end, so that what isn't in it isn't announced. */
  properties(): { properties: Map<string, Scalar>; isWhole: boolean } {
    const properties = new Map<string, Scalar>();
    const marker = this.bytes[this.at++];
    if (marker === 8) this.take(4);
    else if (marker !== 3) return { properties, isWhole: false };
    for (let count = 0; count < MAX_PROPERTIES; count++) {
      const name = this.text();
      if (!name) return { properties, isWhole: name === "" };
      const value = this.value();
      if (value === undefined) break;
      properties.set(name, value);
    }
    return { properties, isWhole: false };
  }

  private text(): string | undefined {
    const size = this.take(2)?.readUInt16BE(0);
    return size === undefined ? undefined : this.take(size)?.toString("utf8");
  }

  private take(size: number): Buffer | undefined {
    if (this.at + size > this.bytes.length) {
      this.at = this.bytes.length;
      return undefined;
    }
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
}
