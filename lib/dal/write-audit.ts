import "server-only";
import type { Actor } from "@/lib/auth/actor";
import type { Prisma, Transaction } from "@/lib/db";

type Act = {
  /** `noun.verb` */
  action: string;
  targetType: "user" | "stream-key" | "live-session" | "setting" | "invitation" | "channel";
  targetId: string;
  detail?: Prisma.InputJsonObject;
};

/** Writes down an act, in the transaction that does it: neither happens without the other. */
export async function writeAudit(tx: Transaction, actor: Actor, act: Act): Promise<void> {
  await tx.auditEntry.create({
    data: {
      actorId: actor.kind === "user" ? actor.userId : null,
      address: actor.address,
      action: act.action,
      targetType: act.targetType,
      targetId: act.targetId,
      detail: act.detail,
    },
    select: { id: true },
  });
}
