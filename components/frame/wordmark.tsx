/** The mark: a door ajar on a lit room. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={className}>
      <path d="M3 21V4.5L12 2v22z" fill="currentColor" />
      <path d="M12 5h6.5A2.5 2.5 0 0 1 21 7.5V21h-9z" fill="currentColor" opacity="0.28" />
      <circle cx="9.2" cy="13" r="1.15" fill="var(--page)" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="flex items-center gap-2 text-xl font-extrabold tracking-[-0.04em]">
      <Mark className="size-6" />
      Livehouse
    </span>
  );
}
