import { AppError } from "@/lib/app-error";
import type { Actor, Media, SignedIn, System } from "./actor";

/** @throws AppError sign-in-required */
export function requireUser(actor: Actor): SignedIn {
  if (actor.kind !== "user") throw new AppError("sign-in-required");
  return actor;
}

/** An administrator, or the command line. @throws AppError sign-in-required, forbidden */
export function requireAdministrator(actor: Actor): SignedIn | System {
  if (actor.kind === "system") return actor;
  const user = requireUser(actor);
  if (user.role !== "admin") throw new AppError("forbidden");
  return user;
}

/** @throws AppError forbidden */
export function requireMedia(actor: Actor): Media {
  if (actor.kind !== "media") throw new AppError("forbidden");
  return actor;
}

export function isAdministrator(actor: Actor): boolean {
  return actor.kind === "system" || (actor.kind === "user" && actor.role === "admin");
}
