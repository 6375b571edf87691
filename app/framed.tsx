import type { ReactNode } from "react";
import { SiteFrame } from "@/components/frame/site-frame";
import { currentActor } from "@/lib/auth/current-actor";
import { signOut } from "./(auth)/actions";

/** A page in the portal's frame, which knows who is signed in. */
export default async function Framed({ children }: { children: ReactNode }) {
  const actor = await currentActor();
  const viewer = actor.kind === "user" ? { handle: actor.handle, isAdministrator: actor.role === "admin" } : null;
  return (
    <SiteFrame viewer={viewer} signOut={signOut}>
      {children}
    </SiteFrame>
  );
}
