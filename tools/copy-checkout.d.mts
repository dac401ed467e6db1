/**
 * Copies the sources as they lie, those not yet committed too, without what is installed or made from them.
 *
 * @param folder to copy into; made when it is not there
 */
export declare function copyCheckout(folder: string): void;
