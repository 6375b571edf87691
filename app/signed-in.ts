import type { Route } from "next";
import { notFound, redirect } from "next/navigation";
import type { SignedIn } from "@/lib/auth/actor";
import { currentActor } from "@/lib/auth/current-actor";

/** Who is signed in; a visitor is sent to sign in and comes back to `address`. */
export async function signedInUser(address: Route): Promise<SignedIn> {
  const actor = await currentActor();
  if (actor.kind !== "user") redirect(`/sign-in?next=${encodeURIComponent(address)}`);
  return actor;
}

/** An administrator. To everybody else these pages do not exist. */
export async function signedInAdministrator(address: Route): Promise<SignedIn> {
  const actor = await signedInUser(address);
  if (actor.role !== "admin") notFound();
  return actor;
}
