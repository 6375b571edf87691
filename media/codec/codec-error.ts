/** A decoder configuration that breaks its codec's syntax, or claims what is not taken here. */
export class CodecError extends Error {
  override readonly name = "CodecError";

  constructor(
    message: string,
    readonly reason: "invalid-media" | "picture-too-large" = "invalid-media",
  ) {
    super(message);
  }
}

/** Parameter sets of real streams take some hundred bytes; every record is kept for as long as its media. */
const MAX_RECORD_BYTES = 16_384;

/** @throws CodecError for a record that is larger than any encoder's. */
export function assertRecordSize(record: Uint8Array): void {
  if (record.length > MAX_RECORD_BYTES) throw new CodecError(`a decoder configuration of ${record.length} bytes`);
}
