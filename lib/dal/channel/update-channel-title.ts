import "server-only";
import { z } from "zod";
import { AppError, type FormOutcome } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireUser } from "@/lib/auth/require";
import { transaction } from "@/lib/db";
import { announceChange } from "../live/announce-change";
import { oneLine } from "../one-line";

const MOST_LETTERS = 140;
const titleSchema = z
  .string()
  .max(4000)
  .transform(oneLine)
  .refine((title) => [...title].length <= MOST_LETTERS);

/** Sets the title of the caller's own channel; it may be empty. @throws AppError sign-in-required, database-unavailable */
export async function updateChannelTitle(
  actor: Actor,
  input: { title: string },
): Promise<FormOutcome<{ title: string }>> {
  const { userId, handle } = requireUser(actor);
  const title = titleSchema.safeParse(input.title);
  if (!title.success) return { kind: "invalid", fields: { title: "title-too-long" } };
  await transaction(async (tx) => {
    const { count } = await tx.channel.updateMany({ where: { ownerId: userId }, data: { title: title.data } });
    if (count === 0) throw new AppError("not-found");
    await announceChange(tx, [handle]);
  });
  return { kind: "done", title: title.data };
}
