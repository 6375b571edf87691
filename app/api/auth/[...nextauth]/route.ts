import { nextAuthHandler } from "@/lib/dal/account/next-auth-handler";

export { nextAuthHandler as GET, nextAuthHandler as POST };
