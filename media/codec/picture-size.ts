import { CodecError } from "./codec-error";

/** 8K (7680 by 4320) and its wider and upright forms: the most that encoders and players have. */
export const MOST_PICTURE_SIDE = 8192;
const LEAST_PICTURE_SIDE = 16;

/** @throws CodecError for a picture that is not taken: larger than 8K, or smaller than any codec's block. */
export function assertPictureSize(width: number, height: number): void {
  const fault = `a picture of ${width} by ${height}`;
  if (!(width >= LEAST_PICTURE_SIDE && height >= LEAST_PICTURE_SIDE)) throw new CodecError(fault);
  if (Math.max(width, height) > MOST_PICTURE_SIDE) throw new CodecError(fault, "picture-too-large");
}
