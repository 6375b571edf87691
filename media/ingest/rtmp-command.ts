import { Amf0Reader, type Amf0Value } from "./amf0-reader";
import { ProtocolError } from "./protocol-error";

/** One NetConnection or NetStream command (RTMP 1.0, section 7.2) as far as a server that only takes publishers needs it. */
export type RtmpCommand =
  | { name: "connect"; transactionId: number; application: string; encoder: string | null }
  | { name: "createStream"; transactionId: number }
  | { name: "publish"; streamName: string }
  | { name: "play" }
  | { name: "unpublish" }
  | { name: "other" };

/**
 * @param payload of an AMF 0 command message (type 20), or of an AMF 3 one (type 17) behind its leading zero byte
 * @throws ProtocolError when a command we act on does not have the form it must have
 */
export function readCommand(payload: Buffer): RtmpCommand {
  const amf = new Amf0Reader(payload);
  const name = amf.read();
  switch (name) {
    case "connect":
      return readConnect(amf);
    case "createStream":
      return { name, transactionId: readTransactionId(amf) };
    case "publish":
      return readPublish(amf);
    case "play":
    case "play2":
      return { name: "play" };
    case "FCUnpublish":
    case "closeStream":
    case "deleteStream":
      return { name: "unpublish" };
    default:
      if (typeof name !== "string") throw new ProtocolError("amf-malformed");
      return { name: "other" };
  }
}

function readConnect(amf: Amf0Reader): RtmpCommand {
  const transactionId = readTransactionId(amf);
  const object = amf.hasMore() ? amf.read() : null;
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    throw new ProtocolError("connect-malformed");
  }
  const { app, tcUrl, flashVer } = object;
  // Nothing here needs tcUrl, and some encoders leave it out; one that is no text is a broken or hostile peer.
  if (typeof app !== "string" || !["string", "undefined"].includes(typeof tcUrl)) {
    throw new ProtocolError("connect-malformed");
  }
  return { name: "connect", transactionId, application: applicationName(app), encoder: encoderName(flashVer) };
}

function readPublish(amf: Amf0Reader): RtmpCommand {
  readTransactionId(amf);
  if (amf.hasMore()) amf.read(); // the command object, null
  const streamName = amf.hasMore() ? amf.read() : null;
  if (typeof streamName !== "string") throw new ProtocolError("publish-malformed");
  return { name: "publish", streamName };
}

function readTransactionId(amf: Amf0Reader): number {
  const value: Amf0Value = amf.hasMore() ? amf.read() : 0;
  return typeof value === "number" ? value : 0;
}

/** `live`, however the encoder wrote it: `/live/`, `live?token=1`. Cut first, so that no text is long enough to be slow. */
function applicationName(app: string): string {
  const [path = ""] = app.slice(0, 256).split("?", 1);
  return path.replace(/^\/+|\/+$/g, "");
}

function encoderName(flashVer: Amf0Value): string | null {
  if (typeof flashVer !== "string") return null;
  const printable = flashVer.replace(/[^\x20-\x7e]/g, "").trim();
  return printable === "" ? null : printable.slice(0, 128);
}
