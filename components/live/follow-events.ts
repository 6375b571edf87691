/** Where `followEvents` stands: `open` once the server has said something. */
export type EventsConnection = "open" | "lost";

export type EventsHandlers = {
  /** The event's data, parsed from JSON. */
  said(data: unknown): void;
  connection(state: EventsConnection): void;
};

const firstRetryMs = 500;
const longestRetryMs = 10_000;

/**
 * Follows one named server-sent event of an address until the returned function is called. A browser's EventSource gives up for
 * good when it meets an HTTP error (the portal restarting behind its proxy); this one comes back, ever more slowly.
 */
export function followEvents(url: string, eventName: string, handlers: EventsHandlers): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let retryMs = firstRetryMs;

  const connect = () => {
    const opened = new EventSource(url);
    source = opened;
    opened.addEventListener(eventName, (event) => {
      retryMs = firstRetryMs;
      handlers.connection("open");
      handlers.said(JSON.parse(event.data));
    });
    opened.addEventListener("error", () => {
      handlers.connection("lost");
      if (opened.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    });
  };

  connect();
  return () => {
    if (timer) clearTimeout(timer);
    source?.close();
  };
}
