export type ByteRange = { start: number; end: number };

/**
 * A single byte range of RFC 9110 section 14.2 over `size` bytes, `end` inclusive; null to answer with the whole
 * (no range, several, or malformed), "unsatisfiable" for 416.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | null | "unsatisfiable" {
  const match = header ? /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header) : null;
  if (!match) return null;
  const [, from = "", to = ""] = match;
  if (!from && !to) return null;
  const start = from ? Number(from) : Math.max(0, size - Number(to));
  const end = from && to ? Math.min(Number(to), size - 1) : size - 1;
  if (from && to && Number(to) < start) return null;
  return start > end ? "unsatisfiable" : { start, end };
}
