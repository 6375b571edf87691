import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseByteRange } from "./byte-range";
import type { StoredSegment } from "./segment-store";
import type { RenderedPlaylist, SegmentBytes } from "./stream-window";

const CORS = ["Access-Control-Allow-Origin", "*"];
const PLAYLIST_TYPE = ["Content-Type", "application/vnd.apple.mpegurl", "Vary", "Accept-Encoding"];
const MEDIA_TYPE = ["Content-Type", "video/mp4", "Accept-Ranges", "bytes"];

/** A part or segment's address names the same bytes for ever. */
const IMMUTABLE = ["Cache-Control", "public, max-age=86400, immutable"];
/** What may be different in a moment: a cache may answer a crowd with it for a second. */
export const BRIEFLY = ["Cache-Control", "public, max-age=1"];
/** What would be right for the next who asks: a part that comes in a moment must not be answered with an old refusal. */
const NEVER = ["Cache-Control", "no-store"];

/** Answers a preflight: any page may play. */
export function respondToOptions(response: ServerResponse): void {
  const allow = [
    "Access-Control-Allow-Methods",
    "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers",
    "Range",
    "Access-Control-Max-Age",
    "86400",
  ];
  response.writeHead(204, [...CORS, ...allow]);
  response.end();
}

export function respondWithError(response: ServerResponse, status: number, error: string): void {
  const body = Buffer.from(JSON.stringify({ error }));
  const headers = ["Content-Type", "application/json", "Content-Length", String(body.length)];
  if (status === 405) headers.push("Allow", "GET, HEAD, OPTIONS");
  response.writeHead(status, [...CORS, ...headers, ...(status === 404 ? BRIEFLY : NEVER)]);
  response.end(response.req.method === "HEAD" ? undefined : body);
}

export function respondWithPlaylist(
  request: IncomingMessage,
  response: ServerResponse,
  playlist: RenderedPlaylist,
): void {
  const wantsGzip = request.headers["accept-encoding"]?.includes("gzip") ?? false;
  const body = wantsGzip ? playlist.gzip : playlist.plain;
  const encoding = wantsGzip ? ["Content-Encoding", "gzip"] : [];
  response.writeHead(200, [...CORS, ...PLAYLIST_TYPE, ...BRIEFLY, ...encoding, "Content-Length", String(body.length)]);
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Immutable bytes from shared memory, whole or a range. */
export function respondWithBytes(
  request: IncomingMessage,
  response: ServerResponse,
  parts: Buffer[],
  size: number,
): void {
  const range = rangeOf(request, response, size);
  if (range === "answered") return;
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  let at = 0;
  response.cork();
  for (const part of parts) {
    const from = Math.max(0, range.start - at);
    const to = Math.min(part.length, range.end + 1 - at);
    if (from < to) response.write(from === 0 && to === part.length ? part : part.subarray(from, to));
    at += part.length;
  }
  response.end();
  response.uncork();
}

/** A segment that has gone to disk. */
function respondWithFile(request: IncomingMessage, response: ServerResponse, stored: StoredSegment): void {
  const range = rangeOf(request, response, stored.sizeBytes);
  if (range === "answered") return;
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const file = createReadStream(stored.path, { start: stored.offset + range.start, end: stored.offset + range.end });
  response.on("close", () => file.destroy());
  file.on("error", () => response.destroy());
  file.pipe(response);
}

/** A whole segment, wherever its bytes are. */
export function respondWithSegment(request: IncomingMessage, response: ServerResponse, segment: SegmentBytes): void {
  if (segment.kind === "memory") respondWithBytes(request, response, segment.parts, segment.sizeBytes);
  else respondWithFile(request, response, segment);
}

/** Writes the head of the answer. */
function rangeOf(
  request: IncomingMessage,
  response: ServerResponse,
  size: number,
): { start: number; end: number } | "answered" {
  const range = parseByteRange(request.headers.range, size);
  if (range === "unsatisfiable") {
    response.writeHead(416, [...CORS, "Content-Range", `bytes */${size}`, "Content-Length", "0"]);
    response.end();
    return "answered";
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const headers = [...CORS, ...MEDIA_TYPE, ...IMMUTABLE, "Content-Length", String(end - start + 1)];
  if (range) headers.push("Content-Range", `bytes ${start}-${end}/${size}`);
  response.writeHead(range ? 206 : 200, headers);
  return range ?? { start, end };
}
