import { useId } from "react";
import { classNames } from "@/components/ui/class-names";
import { type Beam, stageLightOf } from "./stage-light";

/** A channel's stage under its own light: what stands where there is no picture of the broadcast. Decoration only. */
export function LitStage({ seed, isMoving, className }: { seed: string; isMoving?: boolean; className?: string }) {
  const id = useId();
  const { beams, pool } = stageLightOf(seed);
  return (
    <svg
      viewBox="0 0 1600 900"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      className={classNames("bg-[#0d0b0f]", className)}
    >
      <defs>
        <linearGradient id={`${id}-air`} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#221d26" />
          <stop offset="0.62" stopColor="#131015" />
          <stop offset="1" stopColor="#0a080b" />
        </linearGradient>
        <radialGradient id={`${id}-pool`}>
          <stop offset="0" stopColor={pool.colour} stopOpacity="0.75" />
          <stop offset="0.5" stopColor={pool.colour} stopOpacity="0.2" />
          <stop offset="1" stopColor={pool.colour} stopOpacity="0" />
        </radialGradient>
        {beams.map((beam, index) => (
          <linearGradient key={beam.x} id={`${id}-beam-${index}`} x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stopColor={beam.colour} stopOpacity={beam.strength} />
            <stop offset="0.55" stopColor={beam.colour} stopOpacity={beam.strength * 0.3} />
            <stop offset="1" stopColor={beam.colour} stopOpacity="0" />
          </linearGradient>
        ))}
      </defs>
      <rect width="1600" height="900" fill={`url(#${id}-air)`} />
      <g style={{ mixBlendMode: "screen" }}>
        {beams.map((beam, index) => (
          <BeamShape key={beam.x} beam={beam} fill={`url(#${id}-beam-${index})`} isMoving={isMoving} index={index} />
        ))}
        <ellipse cx={pool.x} cy="800" rx="560" ry="96" fill={`url(#${id}-pool)`} />
      </g>
      <rect y="0" width="1600" height="26" fill="#050406" />
      {beams.map((beam) => (
        <g key={beam.x} transform={`translate(${beam.x} 26) rotate(${-beam.leanDegrees})`}>
          <path d="M-20 -8h40l7 46h-54z" fill="#050406" />
          <ellipse cy="38" rx="26" ry="7" fill={beam.colour} />
        </g>
      ))}
    </svg>
  );
}

type BeamShapeProps = { beam: Beam; fill: string; isMoving?: boolean; index: number };

function BeamShape({ beam, fill, isMoving, index }: BeamShapeProps) {
  const reach = 1000;
  const half = Math.round(Math.tan((beam.spreadDegrees * Math.PI) / 180) * reach);
  return (
    <g transform={`translate(${beam.x} 60) rotate(${-beam.leanDegrees})`}>
      <path
        d={`M-22 0H22L${half + 22} ${reach}H${-half - 22}z`}
        fill={fill}
        className={isMoving ? "motion-safe:animate-sway" : undefined}
        style={isMoving ? { animationDelay: `${index * -2.3}s` } : undefined}
      />
    </g>
  );
}
