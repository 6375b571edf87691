import { useId } from "react";
import { classNames } from "@/components/ui/class-names";
import { Crowd } from "./crowd";
import { type Beam, stageLightOf } from "./stage-light";

type LitStageProps = {
  seed: string;
  /** How many stand before it. */
  crowd?: number;
  /** The light breathes: this stage is playing. */
  isMoving?: boolean;
  className?: string;
};

const picture = {
  viewBox: "0 0 1600 900",
  preserveAspectRatio: "xMidYMax slice",
  className: "absolute inset-0 size-full",
} as const;

/** A channel's stage under its own light: what stands where there is no picture of the broadcast. Decoration only. */
export function LitStage({ seed, crowd = 0, isMoving, className }: LitStageProps) {
  const id = useId();
  const { beams, pool } = stageLightOf(seed);
  return (
    <div aria-hidden="true" className={classNames("relative overflow-hidden bg-[#0d0b0f]", className)}>
      <svg {...picture} aria-hidden="true">
        <defs>
          <linearGradient id={`${id}-air`} x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stopColor="#2a2230" />
            <stop offset="0.7" stopColor="#17121a" />
            <stop offset="0.72" stopColor="#1d161c" />
            <stop offset="1" stopColor="#0b080c" />
          </linearGradient>
          <radialGradient id={`${id}-pool`}>
            <stop offset="0" stopColor={pool.colour} stopOpacity="0.95" />
            <stop offset="0.35" stopColor={pool.colour} stopOpacity="0.42" />
            <stop offset="0.7" stopColor={pool.colour} stopOpacity="0.1" />
            <stop offset="1" stopColor={pool.colour} stopOpacity="0" />
          </radialGradient>
        </defs>
        <rect width="1600" height="900" fill={`url(#${id}-air)`} />
        <ellipse cx={pool.x} cy="560" rx="900" ry="330" fill={`url(#${id}-pool)`} opacity="0.16" />
        <ellipse cx={pool.x} cy="676" rx="640" ry="74" fill={`url(#${id}-pool)`} opacity="0.8" />
      </svg>
      <Beams id={`${id}-even`} beams={beams.filter((_, index) => index % 2 === 0)} isMoving={isMoving} />
      <Beams id={`${id}-odd`} beams={beams.filter((_, index) => index % 2 === 1)} isMoving={isMoving} isLate />
      <svg {...picture} aria-hidden="true">
        {crowd > 0 && <ellipse cx={pool.x} cy="800" rx="900" ry="170" fill={`url(#${id}-pool)`} opacity="0.3" />}
        <Crowd seed={seed} size={crowd} />
      </svg>
    </div>
  );
}

type BeamsProps = { id: string; beams: Beam[]; isMoving?: boolean; isLate?: boolean };

/** One layer of beams; layers breathe as wholes, which costs the browser no repainting. */
function Beams({ id, beams, isMoving, isLate }: BeamsProps) {
  return (
    <svg
      {...picture}
      aria-hidden="true"
      className={classNames(
        picture.className,
        "mix-blend-screen",
        isMoving && "motion-safe:animate-breathe",
        isLate && "[animation-delay:-3.5s]",
      )}
    >
      <defs>
        {beams.map((beam) => (
          <linearGradient key={beam.x} id={`${id}-${beam.x}`} x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stopColor={beam.colour} stopOpacity={beam.strength} />
            <stop offset="0.5" stopColor={beam.colour} stopOpacity={beam.strength * 0.42} />
            <stop offset="1" stopColor={beam.colour} stopOpacity="0" />
          </linearGradient>
        ))}
      </defs>
      {beams.map((beam) => (
        <g
          key={beam.x}
          transform={`translate(${beam.x} -10) rotate(${-beam.leanDegrees})`}
          fill={`url(#${id}-${beam.x})`}
        >
          {softness.map((share) => (
            <path key={share} d={cone(beam.spreadDegrees * share)} opacity={1.7 / softness.length} />
          ))}
          <ellipse cy="4" rx="30" ry="9" fill={beam.colour} opacity="0.9" />
        </g>
      ))}
    </svg>
  );
}

/** Cones within cones: a beam without a hard edge, and without a filter. */
const softness = [1.34, 1.2, 1.07, 0.95, 0.84, 0.73, 0.62, 0.51, 0.4, 0.28];
const reach = 860;

function cone(spreadDegrees: number): string {
  const half = Math.round(Math.tan((spreadDegrees * Math.PI) / 180) * reach);
  return `M-16 0H16L${half + 16} ${reach}H${-half - 16}z`;
}
