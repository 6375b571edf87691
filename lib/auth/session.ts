import type { FormInvalid } from "@/lib/app-error";

/** What the session token says; it counts only while the database has the same version and no ban. */
export type Session = { userId: string; handle: string; sessionVersion: number };

export type SessionOutcome = { kind: "done"; session: Session } | FormInvalid;
