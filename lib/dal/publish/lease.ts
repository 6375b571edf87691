/** How long media may go on without a renewal. */
export const LEASE_SECONDS = 60;

/** How long an encoder may be away before its live session ends. */
export const RECONNECT_SECONDS = 30;

/** A session that was accepted or renewed so recently may be missing from a report that was already on its way. */
export const REPORT_GRACE_SECONDS = 5;
