import { CodecError } from "./codec-error";

/** 8K and a bit: larger claims come from garbage, not from encoders. */
const MAX_SIDE = 8192;

/** @throws CodecError for a picture that no encoder of a broadcast makes. */
export function assertPictureSize(width: number, height: number): void {
  if (!(width >= 16 && height >= 16 && width <= MAX_SIDE && height <= MAX_SIDE)) {
    throw new CodecError(`a picture of ${width} by ${height}`);
  }
}
