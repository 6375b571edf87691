import { expect, it } from "vitest";
import { contentSecurityPolicy, cspSource } from "./content-security-policy";

const page = { nonce: "bm9uY2U=", hlsSource: "https://cdn.example", mayBeFramed: false, isDev: false };

function directivesOf(policy: string): Record<string, string> {
  return Object.fromEntries(policy.split("; ").map((part) => [part.split(" ")[0], part.slice(part.indexOf(" ") + 1)]));
}

it("a page runs its own scripts alone, loads media from the HLS origin alone, and is in no other site's frame", () => {
  expect(directivesOf(contentSecurityPolicy(page))).toEqual({
    "default-src": "'none'",
    "script-src": "'self' 'nonce-bm9uY2U='",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self' https://cdn.example",
    "media-src": "'self' blob: https://cdn.example",
    "worker-src": "'self' blob:",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
  });
});

it("code is evaluated and styles are inline in development alone, and /embed alone is open to frames", () => {
  expect(contentSecurityPolicy(page)).not.toContain("unsafe");
  expect(directivesOf(contentSecurityPolicy({ ...page, isDev: true }))["script-src"]).toContain("'unsafe-eval'");
  expect(contentSecurityPolicy({ ...page, mayBeFramed: true })).not.toContain("frame-ancestors");
});

it.each([
  ["https://cdn.example/hls", "https://cdn.example"],
  ["http://tv.example:8000", "http://tv.example:8000"],
  ["http://192.168.0.4:8000", "http://192.168.0.4:8000"],
  ["http://[2001:db8::1]:8000", "http:"],
])("of %s a policy says %s", (address, source) => expect(cspSource(address)).toBe(source));
