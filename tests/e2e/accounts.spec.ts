import { expect, type Page } from "@playwright/test";
import { newPerson, sendSignIn, sendSignUp, signIn, signUp } from "./steps";
import { newHandle, story } from "./story";

/** The field is named as the faulty one, in words that hang on it, and keeps what was typed. */
async function expectFault(page: Page, label: string, words: string, typed: string): Promise<void> {
  const field = page.getByLabel(label);
  await expect(field).toHaveAccessibleDescription(new RegExp(words));
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveValue(typed);
}

story("a form with bad fields says which and why, and keeps what was typed", async ({ page, livehouse }) => {
  const taken = await livehouse.createUser(newHandle("rosa"));
  const person = newPerson(newHandle("rosa"));

  await sendSignUp(page, { ...person, handle: taken.handle });
  await expectFault(page, "Handle", "This handle is taken", taken.handle);
  await expect(page.getByLabel("E-mail")).toHaveValue(person.email);

  await sendSignUp(page, { ...person, email: taken.email });
  await expectFault(page, "E-mail", "There is an account with this e-mail already", taken.email);
  await expect(page.getByLabel("Handle")).toHaveValue(person.handle);

  await sendSignUp(page, { ...person, handle: "No Way!" });
  await expectFault(page, "Handle", "Use \\d+ to \\d+ lower-case letters", "No Way!");

  await sendSignUp(page, { ...person, email: "rosa at home" });
  await expectFault(page, "E-mail", "This doesn’t look like an e-mail address", "rosa at home");

  await sendSignUp(page, { ...person, password: "short" });
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/Too short/);
  await expect(page.getByLabel("Handle")).toHaveValue(person.handle);

  await sendSignUp(page, { ...person, password: "password1234" });
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/Too easy to guess/);

  await signUp(page, person);
});

story("signing in and out; a wrong password says no more than that", async ({ page, livehouse }) => {
  const person = await livehouse.createUser(newHandle("rosa"));
  await sendSignIn(page, { email: person.email, password: "not the password" });
  await expect(page.getByText("E-mail or password is wrong.")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(person.email);
  await sendSignIn(page, { email: `nobody-${person.email}`, password: "not the password" });
  await expect(page.getByText("E-mail or password is wrong.")).toBeVisible();

  await signIn(page, person);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("link", { name: "Sign in" }).first()).toBeVisible();
  await page.goto("/studio");
  await expect(page).toHaveURL(/\/sign-in/);
});

story("signing out everywhere ends the other browser's session for good", async ({ page, openBrowser, livehouse }) => {
  const person = await livehouse.createUser(newHandle("rosa"));
  const other = await openBrowser();
  await signIn(page, person);
  await signIn(other, person);

  await page.goto("/studio/account");
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page.getByRole("link", { name: "Sign in" }).first()).toBeVisible();

  for (const browser of [page, other]) {
    await browser.goto("/studio");
    await expect(browser).toHaveURL(/\/sign-in/);
  }
});

story("changing the password keeps this session and ends the others", async ({ page, openBrowser, livehouse }) => {
  const person = await livehouse.createUser(newHandle("rosa"));
  const other = await openBrowser();
  await signIn(page, person);
  await signIn(other, person);

  await page.goto("/studio/account");
  await page.getByLabel("Current password").fill("not my password");
  await page.getByLabel("New password").fill("curtain rope and sandbags");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("This isn’t your current password.")).toBeVisible();

  await page.getByLabel("Current password").fill(person.password);
  await page.getByLabel("New password").fill("curtain rope and sandbags");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed.").first()).toBeVisible();

  await page.goto("/studio");
  await expect(page).toHaveURL(/\/studio$/);
  await other.goto("/studio");
  await expect(other).toHaveURL(/\/sign-in/);
  await sendSignIn(other, person);
  await expect(other.getByText("E-mail or password is wrong.")).toBeVisible();
  await signIn(other, { email: person.email, password: "curtain rope and sandbags" });
});

story("a ban ends the session at once, and an unban does not bring it back", async ({ page, livehouse }) => {
  const person = await livehouse.createUser(newHandle("rosa"));
  await signIn(page, person);
  await livehouse.cliJson("user", "ban", person.handle);
  await page.goto("/studio");
  await expect(page).toHaveURL(/\/sign-in/);
  await sendSignIn(page, person);
  await expect(page.getByText("This account is banned.")).toBeVisible();

  await livehouse.cliJson("user", "unban", person.handle);
  await page.goto("/studio");
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn(page, person);
});
