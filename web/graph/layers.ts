/** A place in a column: a box, or an edge that passes. */
export interface Slot {
  readonly id: string;
  readonly room: number;
  order: number;
  y: number;
  readonly before: Slot[];
  readonly after: Slot[];
}

const SWEEPS = 6;

/** Orders each column so that neighbours stand at similar heights: few edges cross. */
export function orderLayers(layers: readonly Slot[][]): void {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0;
    for (const layer of forward ? layers : [...layers].reverse()) {
      const wanted = new Map(
        layer.map((slot) => [slot, mean(forward ? slot.before : slot.after, orderOf) ?? slot.order]),
      );
      layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || a.order - b.order);
      for (const [order, slot] of layer.entries()) slot.order = order / layer.length;
    }
  }
}

/** Gives each slot its height: as near to its neighbours as the order and the room of each allow. */
export function placeLayers(layers: readonly Slot[][]): void {
  for (const layer of layers) placeLayer(layer, () => 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0;
    for (const layer of forward ? layers : [...layers].reverse()) {
      placeLayer(layer, (slot) => mean(forward ? slot.before : slot.after, heightOf) ?? slot.y);
    }
  }
}

/**
 * The least squares solution of “each slot at its wanted height, in this order, with its room”: wanted heights less the room
 * taken so far must not fall, and where they do, the offenders share their mean (pool adjacent violators).
 */
function placeLayer(layer: readonly Slot[], wanted: (slot: Slot) => number): void {
  const offsets: number[] = [];
  let taken = 0;
  for (const [index, { room }] of layer.entries()) {
    taken += index === 0 ? 0 : ((layer[index - 1]?.room ?? 0) + room) / 2;
    offsets.push(taken);
  }
  const blocks: { sum: number; count: number }[] = [];
  for (const [index, slot] of layer.entries()) {
    let block = { sum: wanted(slot) - (offsets[index] ?? 0), count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.count >= block.sum / block.count; last = blocks.at(-1)) {
      block = { sum: block.sum + last.sum, count: block.count + last.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  let index = 0;
  for (const { sum, count } of blocks) {
    for (let member = 0; member < count; member++, index++) {
      const slot = layer[index];
      if (slot) slot.y = sum / count + (offsets[index] ?? 0);
    }
  }
}

const orderOf = (slot: Slot): number => slot.order;
const heightOf = (slot: Slot): number => slot.y;

function mean(slots: readonly Slot[], value: (slot: Slot) => number): number | undefined {
  if (slots.length === 0) return undefined;
  return slots.reduce((sum, slot) => sum + value(slot), 0) / slots.length;
}
