const yearSeconds = 365 * 24 * 3600;

/** Remembers a choice of this browser for a year. `value` null forgets it. */
export function setCookie(name: string, value: string | null): void {
  const age = value === null ? 0 : yearSeconds;
  const secure = window.location.protocol === "https:" ? ";secure" : "";
  document.cookie = `${name}=${value ?? ""};path=/;max-age=${age};samesite=lax${secure}`;
}
