"use server";

import { revalidatePath } from "next/cache";
import type { FormOutcome, FormState } from "@/lib/app-error";
import { currentActor } from "@/lib/auth/current-actor";
import { clearSessionCookie, setSessionCookie } from "@/lib/auth/session-cookie";
import { changePassword as changePasswordVerb } from "@/lib/dal/account/change-password";
import { signOutEverywhere as signOutEverywhereVerb } from "@/lib/dal/account/sign-out-everywhere";
import { answerForm, textOf, typedFields } from "@/lib/dal/answer-form";
import { updateChannelTitle } from "@/lib/dal/channel/update-channel-title";
import { disconnectLiveSession } from "@/lib/dal/live/disconnect-live-session";
import { issueStreamKey } from "@/lib/dal/stream-key/issue-stream-key";
import { revealStreamKey } from "@/lib/dal/stream-key/reveal-stream-key";
import { revokeStreamKey } from "@/lib/dal/stream-key/revoke-stream-key";
import type { RevealedStreamKey } from "@/lib/dal/stream-key/stream-key";

/** Fields: label. The answer is the only time, besides reveal, that the secret leaves the server. */
export async function issueKey(
  _previous: FormState<{ key: RevealedStreamKey }>,
  form: FormData,
): Promise<FormOutcome<{ key: RevealedStreamKey }>> {
  return answerForm(typedFields(form, ["label"]), async () => {
    const outcome = await issueStreamKey(await currentActor(), { label: textOf(form, "label") });
    if (outcome.kind === "done") revalidatePath("/studio");
    return outcome;
  });
}

export async function revealKey(streamKeyId: string): Promise<FormOutcome<{ key: RevealedStreamKey }>> {
  return answerForm({}, async () => ({
    kind: "done",
    key: await revealStreamKey(await currentActor(), { id: streamKeyId }),
  }));
}

/** Also takes a broadcast that uses the key off the air. */
export async function revokeKey(streamKeyId: string): Promise<FormOutcome> {
  return answerForm({}, async () => {
    await revokeStreamKey(await currentActor(), { id: streamKeyId });
    revalidatePath("/studio");
    return { kind: "done" };
  });
}

/** Fields: title. */
export async function updateTitle(_previous: FormState<{ title: string }>, form: FormData) {
  return answerForm<{ title: string }>(typedFields(form, ["title"]), async () => {
    const outcome = await updateChannelTitle(await currentActor(), { title: textOf(form, "title") });
    if (outcome.kind === "done") revalidatePath("/studio");
    return outcome;
  });
}

/** Fields: currentPassword, newPassword. Every other session ends; this one goes on. */
export async function changePassword(_previous: FormState, form: FormData): Promise<FormOutcome> {
  return answerForm({}, async () => {
    const outcome = await changePasswordVerb(await currentActor(), {
      currentPassword: textOf(form, "currentPassword"),
      newPassword: textOf(form, "newPassword"),
    });
    if (outcome.kind === "invalid") return outcome;
    await setSessionCookie(outcome.session);
    return { kind: "done" };
  });
}

/** Every session ends, this one too. */
export async function signOutEverywhere(): Promise<FormOutcome> {
  return answerForm({}, async () => {
    await signOutEverywhereVerb(await currentActor());
    await clearSessionCookie();
    return { kind: "done" };
  });
}

/** Ends the caller's own broadcast. The key stays valid: the encoder may start a new one. */
export async function endBroadcast(): Promise<FormOutcome> {
  return answerForm({}, async () => {
    await disconnectLiveSession(await currentActor(), { own: true });
    revalidatePath("/studio");
    return { kind: "done" };
  });
}
