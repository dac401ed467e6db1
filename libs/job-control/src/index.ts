export { printableLines } from './printable-lines.js';
