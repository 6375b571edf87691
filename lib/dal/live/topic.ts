import "server-only";
import { isAppError } from "@/lib/app-error";
import { log } from "@/lib/log";

const RETRY_MS = 1_000;

/** One value that is read again when it may have changed, and told to whoever subscribed. Reads never overlap. */
export class Topic<T> {
  private readonly heard = new Set<(value: T) => void>();
  private latest: { value: T; text: string } | null = null;
  private isReading = false;
  private isStale = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly read: () => Promise<T>) {}

  get isUnused(): boolean {
    return this.heard.size === 0;
  }

  /** Tells the value soon and at each change. A late subscriber may hear one value twice. */
  subscribe(heard: (value: T) => void): () => void {
    this.heard.add(heard);
    if (this.latest) heard(this.latest.value);
    // The first subscriber after a pause would otherwise start with a value from before it.
    this.refresh();
    return () => {
      this.heard.delete(heard);
      if (!this.isUnused) return;
      this.latest = null;
      if (this.timer) clearTimeout(this.timer);
    };
  }

  /** The value may have changed. Asked while reading, it is read once more afterwards. */
  refresh(): void {
    this.isStale = true;
    if (!this.isReading && !this.isUnused) void this.run();
  }

  /** Tells nobody anything any more. */
  close(): void {
    this.heard.clear();
    if (this.timer) clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    this.isReading = true;
    while (this.isStale && !this.isUnused) {
      this.isStale = false;
      try {
        this.tell(await this.read());
      } catch (error) {
        if (!isAppError(error, "database-unavailable")) log().error({ err: error }, "reading for live events failed");
        this.timer = setTimeout(() => this.refresh(), RETRY_MS);
        this.timer.unref();
        break;
      }
    }
    this.isReading = false;
  }

  private tell(value: T): void {
    const text = JSON.stringify(value);
    const isNews = text !== this.latest?.text;
    this.latest = this.isUnused ? null : { value, text };
    if (isNews) for (const heard of this.heard) heard(value);
  }
}
