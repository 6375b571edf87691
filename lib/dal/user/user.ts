/** A user as administrators see it. */
export type User = {
  handle: string;
  email: string;
  role: "user" | "admin";
  bannedAt: string | null;
  banReason: string | null;
  createdAt: string;
  isLive: boolean;
};

/** `next` is the cursor of the following page, null on the last. */
export type UserPage = { users: User[]; next: string | null };
