import "server-only";
import { randomBytes } from "node:crypto";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator } from "@/lib/auth/require";
import { transaction } from "@/lib/db";
import { hashInvitation } from "../account/hash-invitation";
import { writeAudit } from "../write-audit";

const VALID_DAYS = 7;

/** An invitation for one sign-up; the code is answered once and kept as a hash. @throws AppError sign-in-required, forbidden, database-unavailable */
export async function issueInvitation(actor: Actor): Promise<{ code: string; expiresAt: string }> {
  const administrator = requireAdministrator(actor);
  // An invitation has a person who answers for it.
  if (administrator.kind !== "user") throw new AppError("forbidden");
  const code = `invite_${randomBytes(18).toString("base64url")}`;
  const expiresAt = new Date(Date.now() + VALID_DAYS * 24 * 3600 * 1000);
  await transaction(async (tx) => {
    const { id } = await tx.invitation.create({
      data: { codeHash: hashInvitation(code), inviterId: administrator.userId, expiresAt },
      select: { id: true },
    });
    await writeAudit(tx, actor, { action: "invitation.issue", targetType: "invitation", targetId: id });
  });
  return { code, expiresAt: expiresAt.toISOString() };
}
