import { ProtocolError } from "./protocol-error";

export type Amf0Value = number | boolean | string | null | undefined | Amf0Value[] | Amf0Object;

/** Keys come from the peer, so nothing here has a prototype: `__proto__` is a key like any other. */
export type Amf0Object = { [key: string]: Amf0Value };

const MAX_DEPTH = 8;
const MAX_VALUES = 512;

/**
 * Reads AMF 0 values one after the other (Adobe "Action Message Format -- AMF 0", section 2).
 * Bounded in depth, in number of values and by the bytes that are really there, whatever counts are announced.
 * @throws ProtocolError `amf-malformed`, `amf-too-deep`, `amf-too-many-values`
 */
export class Amf0Reader {
  private offset = 0;
  private values = 0;

  constructor(private readonly bytes: Buffer) {}

  hasMore(): boolean {
    return this.offset < this.bytes.length;
  }

  read(): Amf0Value {
    return this.readValue(0);
  }

  private readValue(depth: number): Amf0Value {
    if (depth > MAX_DEPTH) throw new ProtocolError("amf-too-deep");
    if (++this.values > MAX_VALUES) throw new ProtocolError("amf-too-many-values");
    const marker = this.bytes.readUInt8(this.take(1));
    switch (marker) {
      case 0x00:
        return this.bytes.readDoubleBE(this.take(8));
      case 0x01:
        return this.bytes.readUInt8(this.take(1)) !== 0;
      case 0x02:
        return this.readText(2);
      case 0x03:
        return this.readProperties(depth);
      case 0x05:
        return null;
      case 0x06: // undefined
      case 0x0d: // unsupported
        return undefined;
      case 0x07: // a reference to an earlier object: no command needs one
        this.take(2);
        return undefined;
      case 0x08: // ECMA array: its count is only a hint (section 2.10), the end marker counts
        this.take(4);
        return this.readProperties(depth);
      case 0x0a:
        return this.readStrictArray(depth);
      case 0x0b: {
        const milliseconds = this.bytes.readDoubleBE(this.take(8));
        this.take(2); // time zone, "should be set to 0x0000"
        return milliseconds;
      }
      case 0x0c: // long string
      case 0x0f: // XML document
        return this.readText(4);
      case 0x10: // typed object: the class name says nothing to us
        this.readText(2);
        return this.readProperties(depth);
      default:
        throw new ProtocolError("amf-malformed");
    }
  }

  private readProperties(depth: number): Amf0Object {
    const object: Amf0Object = Object.create(null);
    for (;;) {
      const key = this.readText(2);
      if (key === "" && this.bytes[this.offset] === 0x09) {
        this.take(1);
        return object;
      }
      object[key] = this.readValue(depth + 1);
    }
  }

  private readStrictArray(depth: number): Amf0Value[] {
    const count = this.bytes.readUInt32BE(this.take(4));
    if (count > this.bytes.length - this.offset) throw new ProtocolError("amf-malformed");
    const items: Amf0Value[] = [];
    for (let i = 0; i < count; i++) items.push(this.readValue(depth + 1));
    return items;
  }

  private readText(lengthBytes: 2 | 4): string {
    const at = this.take(lengthBytes);
    const size = lengthBytes === 2 ? this.bytes.readUInt16BE(at) : this.bytes.readUInt32BE(at);
    const start = this.take(size);
    return this.bytes.toString("utf8", start, start + size);
  }

  /** Steps over `size` bytes, which must be there, and answers where they start. */
  private take(size: number): number {
    const start = this.offset;
    if (size > this.bytes.length - start) throw new ProtocolError("amf-malformed");
    this.offset = start + size;
    return start;
  }
}
