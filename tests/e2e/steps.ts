import { expect, type Page } from "@playwright/test";
import { PASSWORD } from "./story";

export type Person = { handle: string; email: string; password: string };

export function newPerson(handle: string): Person {
  return { handle, email: `${handle}@example.org`, password: PASSWORD };
}

/** Fills the sign-up form and sends it; what comes of it is the caller's to expect. */
export async function sendSignUp(page: Page, person: Person): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel("Handle").fill(person.handle);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign up" }).click();
}

export async function signUp(page: Page, person: Person): Promise<void> {
  await sendSignUp(page, person);
  await expect(page).toHaveURL(/\/studio$/);
}

/** Fills the sign-in form and sends it. */
export async function sendSignIn(page: Page, person: Pick<Person, "email" | "password">): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signIn(page: Page, person: Pick<Person, "email" | "password">): Promise<void> {
  await sendSignIn(page, person);
  await expect(page).toHaveURL(/\/studio$/);
}

/** Says a measured figure in the run's output. */
export function report(what: string, ms: number): void {
  process.stdout.write(`    measured: ${what}: ${Math.round(ms)} ms\n`);
}
