/**
 * Puts a text on the clipboard. Works on plain http too, where browsers have no `navigator.clipboard`: a portal in a living
 * room has no certificate. Must be called by a press.
 *
 * @param text or the promise of one: Safari only lets a press copy what is handed over at once
 * @returns whether it is there
 */
export async function copyText(text: string | Promise<string>): Promise<boolean> {
  if (window.isSecureContext && navigator.clipboard) {
    try {
      if (typeof text === "string") await navigator.clipboard.writeText(text);
      else await navigator.clipboard.write([new ClipboardItem({ "text/plain": asBlob(text) })]);
      return true;
    } catch {
      return copyBySelection(await text);
    }
  }
  return copyBySelection(await text);
}

async function asBlob(text: Promise<string>): Promise<Blob> {
  return new Blob([await text], { type: "text/plain" });
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.style.cssText = "position:fixed;inset:0 auto auto 0;opacity:0";
  // Inside an open dialog, everything outside it is inert and can't be selected.
  const focused = document.activeElement;
  (focused?.closest("dialog") ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
