import { crowdOf } from "./stage-light";

/** Heads and shoulders against the light, the far row first. For a picture of 1600 by 900. */
export function Crowd({ seed, size }: { seed: string; size: number }) {
  const heads = crowdOf(seed, size).sort((one, other) => Number(one.isNear) - Number(other.isNear));
  return heads.map(({ x, y, radius, isNear }) => (
    <path
      key={`${x}-${y}`}
      fill={isNear ? "#050406" : "#0b090c"}
      d={`M${x - radius * 2.3} 900C${x - radius * 2.2} ${y + radius * 1.5} ${x - radius * 1.1} ${y + radius * 1.35} ${x - radius * 0.45} ${y + radius * 1.05}A${radius} ${radius * 1.16} 0 1 1 ${x + radius * 0.45} ${y + radius * 1.05}C${x + radius * 1.1} ${y + radius * 1.35} ${x + radius * 2.2} ${y + radius * 1.5} ${x + radius * 2.3} 900z`}
    />
  ));
}
