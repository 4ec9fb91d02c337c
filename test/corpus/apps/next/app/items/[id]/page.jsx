import { visit } from '../../../lib/visits';

export const dynamic = 'force-dynamic';

export default async function Page({ params }) {
  const { id } = await params;
  return (
    <p>
      Item {id}, visit {visit(id)}
    </p>
  );
}
