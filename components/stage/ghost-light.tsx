import { useId } from "react";
import { classNames } from "@/components/ui/class-names";

/** The ghost light: the one bare bulb that a theatre leaves burning on an empty stage. Decoration only. */
export function GhostLight({ className }: { className?: string }) {
  const id = useId();
  return (
    <svg
      viewBox="0 0 1600 900"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
      className={classNames("bg-[#0a090b]", className)}
    >
      <defs>
        <radialGradient id={`${id}-halo`}>
          <stop offset="0" stopColor="#ffd9a0" stopOpacity="0.5" />
          <stop offset="0.18" stopColor="#ffc27a" stopOpacity="0.2" />
          <stop offset="0.55" stopColor="#ff9f56" stopOpacity="0.06" />
          <stop offset="1" stopColor="#ff9f56" stopOpacity="0" />
        </radialGradient>
        <linearGradient id={`${id}-boards`} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#171216" />
          <stop offset="1" stopColor="#0a090b" />
        </linearGradient>
      </defs>
      <rect y="700" width="1600" height="200" fill={`url(#${id}-boards)`} />
      <circle cx="1130" cy="400" r="620" fill={`url(#${id}-halo)`} />
      <ellipse cx="1130" cy="786" rx="430" ry="58" fill={`url(#${id}-halo)`} />
      <path d="M1127 424h6v356h-6z" fill="#2a2226" />
      <path d="M1130 774l66 18h-132z" fill="#2a2226" />
      <path d="M1121 414h18v16h-18z" fill="#4a3c3a" />
      <circle cx="1130" cy="396" r="20" fill="#fff1d8" />
      <circle cx="1130" cy="396" r="9" fill="#fffdf7" />
    </svg>
  );
}
