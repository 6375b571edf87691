import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin("./lib/i18n/request.ts");

// The policy of pages has a nonce for each answer: proxy.ts sets it, and what depends on settings.
const everywhere = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  {
    key: "Permissions-Policy",
    value:
      "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), display-capture=(), publickey-credentials-get=()",
  },
];

// Nobody puts the studio or the administration invisibly over a page of their own; `/embed/HANDLE` is made for frames.
const unframed = [{ key: "X-Frame-Options", value: "SAMEORIGIN" }];

// Data is no page: whatever a browser takes it for, it loads and runs nothing.
const data = [{ key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'; sandbox" }];

/** @type {import("next").NextConfig} */
const nextConfig = {
  typedRoutes: true,
  // `npm run check` holds the types of the whole repository; an installation needs no second look, nor tests that compile.
  typescript: { ignoreBuildErrors: true },
  reactStrictMode: true,
  poweredByHeader: false,
  // Native or worker-threaded packages that a bundler would break.
  serverExternalPackages: ["@node-rs/argon2", "pg", "pino"],
  // The dev server is also opened by the machine's other names (a phone on the same network).
  allowedDevOrigins: ["127.0.0.1", "localhost", "*.local"],
  devIndicators: false,
  // No page uses it, and it fetches what an address names.
  images: { unoptimized: true },
  headers: async () => [
    { source: "/(.*)", headers: everywhere },
    { source: "/((?!embed/).*)", headers: unframed },
    { source: "/api/(.*)", headers: data },
    { source: "/_next/(.*)", headers: data },
    { source: "/icon.svg", headers: data },
  ],
};

export default withNextIntl(nextConfig);
