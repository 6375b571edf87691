/** The caller's own account. */
export type Account = {
  handle: string;
  email: string;
  displayName: string;
  role: "user" | "admin";
  createdAt: string;
};
