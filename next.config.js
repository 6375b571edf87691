import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin("./lib/i18n/request.ts");

const everywhere = [{ key: "X-Content-Type-Options", value: "nosniff" }];

// Nobody puts the studio or the administration invisibly over a page of their own; `/embed/HANDLE` is made for frames.
const unframed = [
  { key: "Content-Security-Policy", value: "frame-ancestors 'self'" },
  { key: "X-Frame-Options", value: "SAMEORIGIN" },
];

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
  headers: async () => [
    { source: "/(.*)", headers: everywhere },
    { source: "/((?!embed/).*)", headers: unframed },
  ],
};

export default withNextIntl(nextConfig);
