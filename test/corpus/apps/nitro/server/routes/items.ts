export default defineEventHandler((event) => answer(event.path));
