"use server";

import type { FormOutcome, FormState } from "@/lib/app-error";
import { currentActor } from "@/lib/auth/current-actor";
import { currentDevice, rememberDevice } from "@/lib/auth/device-cookie";
import { clearSessionCookie, setSessionCookie } from "@/lib/auth/session-cookie";
import { setUpFirstAdministrator as setUpFirstAdministratorVerb } from "@/lib/dal/account/set-up-first-administrator";
import { signIn as signInVerb } from "@/lib/dal/account/sign-in";
import { signUp as signUpVerb } from "@/lib/dal/account/sign-up";
import { answerForm, textOf, typedFields } from "@/lib/dal/answer-form";

type SignedInState = FormState<{ handle: string }>;
type SignedInOutcome = FormOutcome<{ handle: string }>;

/** Fields: handle, email, password, invitation (when the policy asks for one). Signs in. */
export async function signUp(_previous: SignedInState, form: FormData): Promise<SignedInOutcome> {
  return answerForm(typedFields(form, ["handle", "email", "invitation"]), async () => {
    const outcome = await signUpVerb(await currentActor(), {
      handle: textOf(form, "handle"),
      email: textOf(form, "email"),
      password: textOf(form, "password"),
      invitation: textOf(form, "invitation") || null,
    });
    if (outcome.kind === "invalid") return outcome;
    await setSessionCookie(outcome.session);
    await rememberDevice(outcome.session.userId);
    return { kind: "done", handle: outcome.session.handle };
  });
}

/** Fields: email, password. */
export async function signIn(_previous: SignedInState, form: FormData): Promise<SignedInOutcome> {
  return answerForm(typedFields(form, ["email"]), async () => {
    const input = { email: textOf(form, "email"), password: textOf(form, "password") };
    const outcome = await signInVerb(await currentActor(), input, await currentDevice());
    if (outcome.kind === "invalid") return outcome;
    await setSessionCookie(outcome.session);
    await rememberDevice(outcome.session.userId);
    return { kind: "done", handle: outcome.session.handle };
  });
}

/** Forgets the session on this device. Never fails. */
export async function signOut(): Promise<{ kind: "done" }> {
  await clearSessionCookie();
  return { kind: "done" };
}

/** Fields: token (from the set-up link's fragment), handle, email, password. Signs in. */
export async function setUpFirstAdministrator(_previous: SignedInState, form: FormData): Promise<SignedInOutcome> {
  return answerForm(typedFields(form, ["handle", "email"]), async () => {
    const outcome = await setUpFirstAdministratorVerb(await currentActor(), {
      token: textOf(form, "token"),
      handle: textOf(form, "handle"),
      email: textOf(form, "email"),
      password: textOf(form, "password"),
    });
    if (outcome.kind === "invalid") return outcome;
    await setSessionCookie(outcome.session);
    await rememberDevice(outcome.session.userId);
    return { kind: "done", handle: outcome.session.handle };
  });
}
