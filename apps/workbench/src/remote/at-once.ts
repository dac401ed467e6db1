/**
 * Does something with each item, `width` at a time. After a failure nothing more is begun, and when this rejects nothing is
 * under way any more.
 */
export async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<void>, width = 8): Promise<void> {
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (failures.length === 0 && next < items.length) {
      try {
        await work(items[next++]!);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failures.length > 0) throw failures[0];
}
