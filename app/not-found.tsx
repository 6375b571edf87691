import Framed from "./framed";
import MissingPage from "./missing-page";

/** An address outside every group of pages: there is no frame around it yet. */
export default function NotFound() {
  return (
    <Framed>
      <MissingPage />
    </Framed>
  );
}
