/** The same records in two indexes, so that neither Map dominates them. */
class Registry {
  byId = new Map();
  byEmail = new Map();
  add(id) {
    const person = { id, email: `${id}@example.org`, roles: ['reader', id] };
    this.byId.set(person.id, person);
    this.byEmail.set(person.email, person);
  }
}
const registry = new Registry();
let next = 0;

export function request() {
  registry.add(`person-${next++}`);
}
