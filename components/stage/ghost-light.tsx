import { useId } from "react";
import { classNames } from "@/components/ui/class-names";

/** How the light of a bare bulb falls off: many stops, or dark screens show rings. */
const fall = [
  [0, 0.62],
  [0.05, 0.42],
  [0.12, 0.27],
  [0.22, 0.165],
  [0.34, 0.095],
  [0.48, 0.05],
  [0.64, 0.022],
  [0.82, 0.007],
  [1, 0],
] as const;

/** The ghost light: the one bare bulb that a theatre leaves burning on an empty stage. Decoration only. */
export function GhostLight({ className }: { className?: string }) {
  const id = useId();
  return (
    <svg
      viewBox="0 0 1600 900"
      preserveAspectRatio="xMaxYMax slice"
      aria-hidden="true"
      className={classNames("bg-[#100d10]", className)}
    >
      <defs>
        <radialGradient id={`${id}-halo`}>
          {fall.map(([offset, stopOpacity]) => (
            <stop key={offset} offset={offset} stopColor="#ffce94" stopOpacity={stopOpacity} />
          ))}
        </radialGradient>
        <linearGradient id={`${id}-boards`} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#1a1416" />
          <stop offset="1" stopColor="#0b090b" />
        </linearGradient>
      </defs>
      <rect y="690" width="1600" height="210" fill={`url(#${id}-boards)`} />
      <circle cx="1180" cy="380" r="760" fill={`url(#${id}-halo)`} />
      <ellipse cx="1180" cy="788" rx="520" ry="64" fill={`url(#${id}-halo)`} />
      <path d="M1177 410h6v372h-6z" fill="#3b2f2e" />
      <path d="M1180 772l70 22h-140z" fill="#2c2323" />
      <path d="M1170 400h20v17h-20z" fill="#5d4a42" />
      <path d="M1170 402c-1-9-13-16-13-30a23 23 0 0 1 46 0c0 14-12 21-13 30z" fill="#fff0d6" />
      <circle cx="1180" cy="371" r="11" fill="#fffdf8" />
    </svg>
  );
}
