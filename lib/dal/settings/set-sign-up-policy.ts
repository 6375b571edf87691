import "server-only";
import type { FormOutcome } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator } from "@/lib/auth/require";
import { transaction } from "@/lib/db";
import { writeAudit } from "../write-audit";
import { SIGN_UP_POLICY_SETTING } from "./get-sign-up-policy";
import { signUpPolicySchema } from "./sign-up-policy";

/** Opens, restricts or closes sign-up. @throws AppError sign-in-required, forbidden, database-unavailable */
export async function setSignUpPolicy(actor: Actor, input: { policy: string }): Promise<FormOutcome> {
  requireAdministrator(actor);
  const policy = signUpPolicySchema.safeParse(input.policy);
  if (!policy.success) return { kind: "invalid", fields: { policy: "policy-unknown" } };
  await transaction(async (tx) => {
    await tx.setting.upsert({
      where: { name: SIGN_UP_POLICY_SETTING },
      create: { name: SIGN_UP_POLICY_SETTING, value: policy.data },
      update: { value: policy.data },
      select: { name: true },
    });
    await writeAudit(tx, actor, {
      action: "sign-up-policy.set",
      targetType: "setting",
      targetId: SIGN_UP_POLICY_SETTING,
      detail: { policy: policy.data },
    });
  });
  return { kind: "done" };
}
