import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator } from "@/lib/auth/require";
import { transaction } from "@/lib/db";
import { writeAudit } from "../write-audit";

const inputSchema = z.object({ handle: z.string().max(300) });

/** Lifts a ban. Sessions from before it stay dead. @throws AppError not-found, sign-in-required, forbidden, database-unavailable */
export async function unbanUser(actor: Actor, input: z.input<typeof inputSchema>): Promise<void> {
  requireAdministrator(actor);
  const handle = inputSchema.parse(input).handle.trim().toLowerCase();
  await transaction(async (tx) => {
    const user = await tx.user.findUnique({ where: { handle }, select: { id: true } });
    if (!user) throw new AppError("not-found");
    const { count } = await tx.user.updateMany({
      where: { id: user.id, bannedAt: { not: null } },
      data: { bannedAt: null, banReason: null },
    });
    if (count === 0) return;
    await writeAudit(tx, actor, { action: "user.unban", targetType: "user", targetId: user.id, detail: { handle } });
  });
}
