/** Numbers as text for a state that is kept as JSON: exact to the bit. */
export function base64OfNumbers(numbers: Float64Array | Int32Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64');
}

export function float64FromBase64(text: string): Float64Array {
  return new Float64Array(bytesOf(text));
}

export function int32FromBase64(text: string): Int32Array {
  return new Int32Array(bytesOf(text));
}

/** A buffer of its own: a slice of Node's pool may lie where numbers cannot. */
function bytesOf(text: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(text, 'base64')).buffer;
}
