/** A decoder configuration that breaks its codec's syntax, or claims what no broadcast has. */
export class CodecError extends Error {
  override readonly name = "CodecError";
}
