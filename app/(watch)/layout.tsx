export { default } from "../framed";
