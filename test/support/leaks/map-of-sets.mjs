/** A hundred rooms whose members are never removed: no single Set is large. */
const rooms = new Map();
let next = 0;

export function request() {
  const room = `room-${next % 100}`;
  if (!rooms.has(room)) rooms.set(room, new Set());
  rooms.get(room).add({ member: next++, name: `member ${next}` });
}
