import type { BrowserContext } from "@playwright/test";

/** Collects what the pages of this browser do against their policy, and scripts of an attacker that ran (they set `pwned`). */
export async function watchPolicy(context: BrowserContext): Promise<string[]> {
  const faults: string[] = [];
  await context.exposeFunction("reportFault", (fault: string) => faults.push(fault));
  await context.addInitScript(() => {
    const report = (fault: string) => (window as unknown as { reportFault(fault: string): void }).reportFault(fault);
    document.addEventListener("securitypolicyviolation", (event) =>
      report(`${event.documentURI}: ${event.effectiveDirective} refused ${event.blockedURI} ${event.sample}`),
    );
    Object.defineProperty(window, "pwned", { set: () => report(`${location.href}: an attacker's script ran`) });
  });
  context.on("console", (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text()))
      faults.push(`${message.page()?.url()}: ${message.text()}`);
  });
  context.on("dialog", (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return faults;
}
