import { crowdOf } from "./stage-light";

/** Heads and shoulders against the light, the far row first. For a picture of 1600 by 900. */
export function Crowd({ seed, size }: { seed: string; size: number }) {
  const heads = crowdOf(seed, size).sort((one, other) => Number(one.isNear) - Number(other.isNear));
  return heads.map(({ x, y, radius, isNear }) => (
    <g key={`${x}-${y}`} transform={`translate(${x} ${y}) scale(${radius})`} fill={isNear ? "#040305" : "#0c090d"}>
      <ellipse rx="1" ry="1.22" />
      <path d="M-0.5 0.9V1.5C-0.6 1.75-2.2 1.8-2.5 3.1V9H2.5V3.1C2.2 1.8 0.6 1.75 0.5 1.5V0.9z" />
    </g>
  ));
}
