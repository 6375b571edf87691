"use server";

import { revalidatePath } from "next/cache";
import type { FormOutcome, FormState } from "@/lib/app-error";
import { currentActor } from "@/lib/auth/current-actor";
import { answerForm, textOf, typedFields } from "@/lib/dal/answer-form";
import { disconnectLiveSession } from "@/lib/dal/live/disconnect-live-session";
import { issueInvitation as issueInvitationVerb } from "@/lib/dal/settings/issue-invitation";
import { setSignUpPolicy as setSignUpPolicyVerb } from "@/lib/dal/settings/set-sign-up-policy";
import { revokeStreamKey } from "@/lib/dal/stream-key/revoke-stream-key";
import { banUser as banUserVerb } from "@/lib/dal/user/ban-user";
import { unbanUser as unbanUserVerb } from "@/lib/dal/user/unban-user";

/** Fields: handle, reason. Sessions end, keys are refused, a broadcast goes off the air. */
export async function banUser(_previous: FormState, form: FormData): Promise<FormOutcome> {
  return answerForm(typedFields(form, ["handle", "reason"]), async () => {
    const outcome = await banUserVerb(await currentActor(), {
      handle: textOf(form, "handle"),
      reason: textOf(form, "reason") || null,
    });
    if (outcome.kind === "done") revalidatePath("/admin", "layout");
    return outcome;
  });
}

export async function unbanUser(handle: string): Promise<FormOutcome> {
  return answerForm({}, async () => {
    await unbanUserVerb(await currentActor(), { handle });
    revalidatePath("/admin", "layout");
    return { kind: "done" };
  });
}

export async function revokeKey(streamKeyId: string): Promise<FormOutcome> {
  return answerForm({}, async () => {
    await revokeStreamKey(await currentActor(), { id: streamKeyId });
    revalidatePath("/admin", "layout");
    return { kind: "done" };
  });
}

export async function endLiveSession(liveSessionId: string): Promise<FormOutcome> {
  return answerForm({}, async () => {
    await disconnectLiveSession(await currentActor(), { liveSessionId });
    revalidatePath("/admin", "layout");
    return { kind: "done" };
  });
}

/** Fields: policy (open, invitation, closed). */
export async function setSignUpPolicy(_previous: FormState, form: FormData): Promise<FormOutcome> {
  return answerForm({}, async () => {
    const outcome = await setSignUpPolicyVerb(await currentActor(), { policy: textOf(form, "policy") });
    if (outcome.kind === "done") revalidatePath("/admin", "layout");
    return outcome;
  });
}

/** The code is shown once; only its hash is kept. */
export async function issueInvitation(): Promise<FormOutcome<{ code: string; expiresAt: string }>> {
  return answerForm({}, async () => ({ kind: "done", ...(await issueInvitationVerb(await currentActor())) }));
}
