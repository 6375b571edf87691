export function PageTitle({ children }: { children: string }) {
  return <h1 className="text-4xl sm:text-5xl">{children}</h1>;
}
