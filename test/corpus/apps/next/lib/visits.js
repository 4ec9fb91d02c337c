const visits = [];

export function visit(id) {
  //leak visits.push({ id, at: Date.now(), text: `visit of ${id}` });
  return visits.length + id.length;
}
